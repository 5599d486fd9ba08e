import { assertEquals } from "@std/assert";
import type { HistoryEvent } from "../../../sim/model/history.ts";
import { eventsOf, partsOf } from "../../../sim/model/history_parts.ts";
import { at, delivery, iamat, sent } from "./checks/histories.ts";

Deno.test({
  name: "partsOf() divides a history, and what has come since too",
  permissions: "none",
  fn() {
    const parts = (): HistoryEvent[][] => {
      const { sent, rest, others } = partsOf(history);
      return [[...sent], [...rest], [...others]];
    };
    const [invoked, ended] = iamat(1, 5, 1) as [HistoryEvent, HistoryEvent];
    const came = delivery(5.5, "Ash", null, at(1));
    const history: HistoryEvent[] = [invoked, came];
    assertEquals(parts(), [[], [invoked, came], [invoked]]);
    const written = sent(5.6, "Ash", "Elm", at(1));
    history.push(written, ended);
    assertEquals(parts(), [
      [written],
      [invoked, came, ended],
      [invoked, ended],
    ]);
    const { lines, firstMs, sentLines, restLines } = partsOf(history);
    assertEquals([lines, firstMs], [[at(1)], [5.5]]);
    assertEquals([[...sentLines], [...restLines]], [[0], [-1, 0, -1]]);
  },
});

Deno.test({
  name: "eventsOf() has the events of a kind, and no other",
  permissions: "none",
  fn() {
    const repair = {
      atMs: 7,
      kind: "sync-repair",
      server: "Ash",
      peer: "Elm",
      ours: 1,
      theirs: 2,
    } as const;
    assertEquals(eventsOf([...iamat(1, 5, 1), repair], "sync-repair"), [
      repair,
    ]);
  },
});
