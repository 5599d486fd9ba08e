import { assertEquals } from "@std/assert";
import { byKey } from "../../../sim/report_page/dom.ts";

Deno.test({
  name: "byKey() acts by key, with caps lock too, and leaves strokes with Ctrl",
  permissions: "none",
  fn() {
    const acts: string[] = [];
    const listener = byKey({
      n: () => acts.push("n"),
      Enter: () => acts.push("Enter"),
    });
    const press = (key: string, more: Partial<KeyboardEvent> = {}) =>
      listener({
        key,
        preventDefault: () => acts.push("taken"),
        ...more,
      } as KeyboardEvent);
    press("N");
    press("x");
    press("n", { ctrlKey: true });
    press("Enter");
    assertEquals(acts, ["taken", "n", "taken", "Enter"]);
  },
});
