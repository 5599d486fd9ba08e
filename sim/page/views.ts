/**
 * The page's views, each loaded when it is first opened.
 *
 * @module
 */
/// <reference lib="dom" />
import type { View } from "./app.ts";
import { loadSheet } from "./libraries.ts";
import type { ViewEntry } from "./shell.ts";

/** The views, in the order of their tabs. */
export const VIEWS: readonly ViewEntry[] = [
  {
    name: "graph",
    title: "Graph",
    load: () =>
      styled("graph", async () => (await import("./graph/view.ts")).graph),
  },
  {
    name: "map",
    title: "Map",
    load: () => styled("map", async () => (await import("./map/view.ts")).map),
  },
  {
    name: "console",
    title: "Console",
    load: () =>
      styled(
        "console",
        async () => (await import("./console/view.ts")).console,
      ),
  },
  {
    name: "charts",
    title: "Charts",
    load: () =>
      styled("charts", async () => (await import("./charts/view.ts")).charts),
  },
  {
    name: "drills",
    title: "Drills",
    load: () =>
      styled("drills", async () => (await import("./drills/view.ts")).drills),
  },
];

/** A view, once its style is there too. */
async function styled(name: string, load: () => Promise<View>): Promise<View> {
  const [view] = await Promise.all([
    load(),
    loadSheet("/sim/page/views.css"),
    loadSheet(`/sim/page/${name}/${name}.css`),
  ]);
  return view;
}
