/**
 * The page's views, in the order of their tabs.
 *
 * @module
 */
/// <reference lib="dom" />
import type { View } from "./app.ts";
import { charts } from "./charts/view.ts";
import { console } from "./console/view.ts";
import { drills } from "./drills/view.ts";
import { graph } from "./graph/view.ts";
import { map } from "./map/view.ts";

/** The views by their names in addresses; the first is the default. */
export const VIEWS: ReadonlyMap<string, View> = new Map([
  ["graph", graph],
  ["map", map],
  ["console", console],
  ["charts", charts],
  ["drills", drills],
]);
