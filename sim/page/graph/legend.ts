/**
 * Explains the shapes and lines of the graph.
 *
 * @module
 */
/// <reference lib="dom" />
import { draw, make } from "../../report_page/dom.ts";

const SHAPES: readonly (readonly [name: string, path: string, tone: string])[] =
  [
    ["flow", "M2 8h5M11 8h5M20 8h5", "accent"],
    ["down", "M2 8h.1M7 8h.1M12 8h.1M17 8h.1M22 8h.1", "soft"],
    ["cut", "M1 8h7M8 3v10M19 3v10M19 8h7", "bad"],
    ["slow", "M1 8q3-6 6 0t6 0t6 0t6 0", "warn"],
    ["lossy", "M2 8h.1M6 8h.1M10 8h.1M14 8h.1M18 8h.1M22 8h.1", "warn"],
  ];

export function legend(): HTMLElement {
  return make(
    "ul.graph-legend",
    { "aria-label": "Links" },
    ...SHAPES.map(([name, path, tone]) => {
      const icon = draw(
        "svg",
        { viewBox: "0 0 27 16", width: 27, height: 16, "aria-hidden": "true" },
        draw("path", { d: path, class: `tone-${tone}` }),
      );
      return make("li", icon, name);
    }),
  );
}
