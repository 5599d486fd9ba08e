import { assertEquals } from "@std/assert";
import {
  HARMS,
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

Deno.test({
  name: "HARMS has what each fault does to links or servers",
  permissions: "none",
  fn() {
    const those = (wanted: string) =>
      Object.keys(HARMS).filter((kind) => HARMS[kind] === wanted);
    assertEquals(those("cuts"), ["partition", "cut", "timeout", "half_open"]);
    assertEquals(those("slows"), [
      "latency",
      "bandwidth",
      "slicer",
      "slow_close",
    ]);
    assertEquals(those("alters"), [
      "limit_data",
      "loss",
      "duplicate",
      "reorder",
      "corrupt",
    ]);
    assertEquals(those("stops"), ["kill", "wipe", "crash", "pause"]);
    assertEquals(HARMS["clock_skew"], undefined);
  },
});
