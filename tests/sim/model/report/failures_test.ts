import { assertEquals } from "@std/assert";
import { groupedByCheck } from "../../../../sim/model/report/failures.ts";

Deno.test({
  name: "groupedByCheck() begins a group with each check not met before",
  permissions: "none",
  fn() {
    assertEquals(groupedByCheck([]), []);
    assertEquals(
      groupedByCheck([
        { run: 2, kinds: ["converged", "lost == 0"] },
        { run: 5, kinds: ["lost == 0"] },
        { run: 6, kinds: ["lost == 0", "incident"] },
        { run: 9, kinds: ["incident"] },
      ]),
      [
        { checks: ["converged", "lost == 0"], runs: [2, 5, 6] },
        { checks: ["incident"], runs: [6, 9] },
      ],
    );
  },
});
