/**
 * The figures of each second of a run.
 *
 * @module
 */
import type { HistoryEvent } from "../../model/history.ts";
import type { Figures } from "../../model/web/batch.ts";
import { percentilesOf } from "../../model/web/percentiles.ts";

const SECOND_MS = 1_000;

/** By the end of each second. */
export function figuresBySecond(
  events: readonly HistoryEvent[],
): Map<number, Figures> {
  const seconds = new Map<number, Second>();
  const secondOf = (atMs: number) => {
    const endMs = (Math.floor(atMs / SECOND_MS) + 1) * SECOND_MS;
    const second = seconds.get(endMs) ??
      { updates: 0, messages: 0, spreads: [], replies: [] };
    seconds.set(endMs, second);
    return second;
  };
  const spreads = new Map<string, { firstMs: number; lastMs: number }>();
  /** When the line of each operation was due. */
  const asked = new Map<number, number>();
  const startedMs = new Map<string, number>();
  const endMs = events.at(-1)?.atMs ?? 0;
  for (let atMs = 0; atMs <= endMs; atMs += SECOND_MS) secondOf(atMs);
  for (const event of events) {
    const { atMs } = event;
    if (event.kind === "sent") secondOf(atMs).messages++;
    else if (event.kind === "invoke") {
      asked.set(event.op, event.dueMs ?? atMs);
    } else if (event.kind === "state" && event.state === "starting") {
      startedMs.set(event.server, atMs);
    } else if (event.kind === "ok" || event.kind === "fail") {
      // An operation that did not reach a server has no reply.
      if (event.reply === undefined) continue;
      const askedMs = asked.get(event.op);
      if (askedMs !== undefined) secondOf(atMs).replies.push(atMs - askedMs);
    } else if (event.kind === "delivery" && event.isNew) {
      if (event.from === null) secondOf(atMs).updates++;
      const spread = spreads.get(event.line);
      if (spread === undefined) {
        spreads.set(event.line, { firstMs: atMs, lastMs: atMs });
        // What a server learns after its start it could not have had sooner.
      } else if (spread.firstMs >= (startedMs.get(event.server) ?? -Infinity)) {
        spread.lastMs = atMs;
      }
    }
  }
  for (const { firstMs, lastMs } of spreads.values()) {
    secondOf(firstMs).spreads.push(lastMs - firstMs);
  }
  return new Map(
    [...seconds].map(([endMs, second]) => [endMs, figuresOf(endMs, second)]),
  );
}

interface Second {
  updates: number;
  messages: number;
  readonly spreads: number[];
  readonly replies: number[];
}

function figuresOf(
  atMs: number,
  { updates, messages, spreads, replies }: Second,
): Figures {
  return {
    atMs,
    updates,
    messagesPerUpdate: updates === 0 ? null : messages / updates,
    propagation: percentilesOf(spreads),
    reply: percentilesOf(replies),
  };
}
