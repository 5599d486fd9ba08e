import { assertEquals } from "@std/assert";
import {
  SERVER_FAULT_KINDS,
  SILENCING_FAULTS,
} from "../../../../sim/model/steps/faults.ts";

Deno.test({
  name: "SILENCING_FAULTS are those that hold connections which are up",
  permissions: "none",
  fn() {
    assertEquals(SILENCING_FAULTS, ["partition", "cut", "timeout"]);
    assertEquals(
      SERVER_FAULT_KINDS,
      ["kill", "wipe", "crash", "restart", "pause"],
    );
  },
});
