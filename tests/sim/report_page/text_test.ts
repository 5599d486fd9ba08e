import { assertEquals } from "@std/assert";
import { rateText } from "../../../sim/report_page/text.ts";

Deno.test({
  name: "rateText() tells the fraction of what is seldom",
  permissions: "none",
  fn() {
    const rates = [0, 0.2, 0.5, 1, 2.54, 9.96, 10.4, 1_234.5];
    assertEquals(rates.map(rateText), [
      ...["0", "0.2", "0.5", "1", "2.5", "10", "10", "1,235"],
    ]);
  },
});
