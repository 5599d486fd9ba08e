/**
 * The controls by which an update is chosen.
 *
 * @module
 */
/// <reference lib="dom" />
import { byId, onClick } from "./dom.ts";
import type { Run } from "./run.ts";

/** Listens to the controls; `find` moves the diagram to the chosen update. */
export function listenToUpdates(run: Run, find: () => void): void {
  const { reached, tookMs } = run.spread;
  const { isShown } = run;
  const input = byId<HTMLInputElement>("update");
  const last = isShown.length - 1;
  const follow = (update: number) => {
    if (last < 0 || !Number.isFinite(update)) return;
    run.follow(Math.min(last, Math.max(0, Math.round(update))));
  };
  /** Follows the first of the shown updates by an order, if there is one. */
  const first = (isBefore: (a: number, b: number) => boolean) => {
    let best = -1;
    for (const [update, shown] of run.isShown.entries()) {
      if (shown && (best < 0 || isBefore(update, best))) best = update;
    }
    if (best >= 0) follow(best);
  };
  const step = (by: 1 | -1) => {
    let update = run.update + by;
    while (update >= 0 && update <= last && !run.isShown[update]) {
      update += by;
    }
    if (update >= 0 && update <= last) follow(update);
  };
  input.addEventListener("change", () => follow(input.valueAsNumber - 1));
  onClick("previous-update", () => step(-1));
  onClick("next-update", () => step(1));
  onClick("slowest", () => first((a, b) => tookMs[a]! > tookMs[b]!));
  onClick("fewest", () => first((a, b) => reached[a]! < reached[b]!));
  onClick("find", find);
}
