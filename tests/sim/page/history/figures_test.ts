import { assertEquals } from "@std/assert";
import type { HistoryEvent } from "../../../../sim/model/history.ts";
import { figuresBySecond } from "../../../../sim/page/history/figures.ts";

const LINE = "AT Ash +0.500000000 kiwi +1-1 5";

function delivery(
  atMs: number,
  server: string,
  from: string | null,
): HistoryEvent {
  return { atMs, kind: "delivery", server, from, line: LINE, isNew: true };
}

Deno.test({
  name: "figuresBySecond() takes no reply for quick that was due long before",
  permissions: "none",
  fn() {
    const process = "Ash#1";
    const line = "IAMAT kiwi +1-1 5";
    const asked = { kind: "invoke", op: 1, process, f: "iamat" } as const;
    const told = { server: "Ash", line, atMs: 410 };
    const reply = { atMs: 415, kind: "ok", op: 1, reply: LINE } as const;
    const replyOf = (dueMs?: number) =>
      figuresBySecond([
        { ...asked, ...told, ...dueMs !== undefined && { dueMs } },
        reply,
      ]).get(1_000)?.reply;
    assertEquals(replyOf(), { p50: 5, p99: 5, samples: 1 });
    assertEquals(replyOf(15), { p50: 400, p99: 400, samples: 1 });
  },
});

Deno.test({
  name:
    "figuresBySecond() takes what a server learns after its start for no way",
  permissions: "none",
  fn() {
    const figures = figuresBySecond([
      delivery(100, "Ash", null),
      delivery(103, "Elm", "Ash"),
      { atMs: 200, kind: "state", server: "Elm", state: "stopped" },
      { atMs: 5_000, kind: "state", server: "Elm", state: "starting" },
      { atMs: 5_100, kind: "state", server: "Elm", state: "up" },
      delivery(5_200, "Elm", "Ash"),
    ]);
    const propagation = { p50: 3, p99: 3, samples: 1 };
    assertEquals(figures.get(1_000)?.propagation, propagation);
  },
});
