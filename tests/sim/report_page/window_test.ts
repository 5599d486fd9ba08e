import { assertAlmostEquals, assertEquals } from "@std/assert";
import { limited, panned, zoomed } from "../../../sim/report_page/window.ts";

Deno.test({
  name: "limited() keeps a window in its run, and wide enough to be seen",
  permissions: "none",
  fn() {
    assertEquals(limited({ fromMs: -5, toMs: 15 }, 100), {
      fromMs: 0,
      toMs: 20,
    });
    assertEquals(limited({ fromMs: 90, toMs: 130 }, 100), {
      fromMs: 60,
      toMs: 100,
    });
    assertEquals(limited({ fromMs: -5, toMs: 500 }, 100), {
      fromMs: 0,
      toMs: 100,
    });
    assertEquals(limited({ fromMs: 100, toMs: 100 }, 100).toMs, 100);
  },
});

Deno.test({
  name: "zoomed() keeps a moment in its place, at the narrowest window too",
  permissions: "none",
  fn() {
    assertEquals(panned({ fromMs: 10, toMs: 20 }, -0.5), {
      fromMs: 5,
      toMs: 15,
    });
    let window = { fromMs: 0, toMs: 1_000 };
    for (let times = 0; times < 40; times++) {
      window = limited(zoomed(window, 2, 0.5), 1_000);
    }
    assertAlmostEquals((window.fromMs + window.toMs) / 2, 500, 1e-6);
    assertAlmostEquals(window.toMs - window.fromMs, 0.1, 1e-6);
  },
});
