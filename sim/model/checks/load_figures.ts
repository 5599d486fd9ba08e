/**
 * Whether the loads of a drill reached what was asked for.
 *
 * @module
 */
import type { History } from "../history.ts";
import { eventsOf } from "../history_parts.ts";
import { ratio } from "./dissemination.ts";

/** How many of the requested operations were sent. */
export function* loadMetrics(
  history: History,
): Iterable<[string, number | undefined]> {
  const loads = eventsOf(history, "load");
  const sum = (of: "asked" | "sent" | "dropped") =>
    loads.reduce((total, load) => total + load[of], 0);
  yield ["load.achieved", ratio(sum("sent"), sum("asked"))];
  yield ["load.dropped", sum("dropped")];
}
