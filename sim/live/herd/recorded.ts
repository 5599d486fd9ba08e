/**
 * Reads from the trace what servers held and when, independent of when they
 * answer.
 *
 * @module
 */
import { type ByteString, utf8 } from "../../../herd/core/bytes/bytes.ts";
import { clientText } from "../../../herd/core/wire/fix.ts";
import { parseAtLine } from "../../../herd/core/wire/message.ts";
import { LineTexts } from "../../model/line_texts.ts";
import { readTrace } from "../../model/trace.ts";
import { tracedPeers } from "../../worlds/world.ts";
import type { Child } from "../servers/child.ts";

/** A time range, in milliseconds since the epoch. */
export interface Window {
  readonly startMs: number;
  readonly endMs: number;
}

/**
 * What a server's lives have stored, from the given life on; each life in
 * order.
 */
export function* storedBy(
  child: Child,
  fromLife: number,
  texts?: LineTexts,
) {
  const neighbours = tracedPeers(child.start);
  for (const memory of child.traces.slice(fromLife)) {
    for (const event of readTrace(child.name, neighbours, memory, texts)) {
      if (event.kind === "delivery" && event.isNew) yield event;
    }
  }
}

/**
 * Whether servers that are up held equal records at some instant of the window.
 * What is queued then changes none of them.
 */
export function wereEqual(
  servers: readonly Child[],
  { startMs, endMs }: Window,
): boolean {
  // What earlier lives held was lost with them.
  const fromMs = Math.max(startMs, ...servers.map(({ sinceMs }) => sinceMs));
  const texts = new LineTexts();
  const stored = servers.flatMap((child) =>
    [...storedBy(child, child.traces.length - 1, texts)]
      .map(({ atMs, line }) => ({ atMs, line, child }))
  ).filter(({ atMs }) => atMs <= endMs).sort((a, b) => a.atMs - b.atMs);
  const held = new Map<ByteString, Map<Child, string>>();
  const differing = new Set<ByteString>();
  let isEqual = fromMs <= endMs;
  for (const { atMs, line, child } of stored) {
    if (isEqual && atMs > fromMs) return true;
    const client = clientText(parseAtLine(utf8(line))!);
    const its = held.get(client) ?? new Map<Child, string>();
    held.set(client, its.set(child, line));
    const isSame = its.size === servers.length &&
      new Set(its.values()).size === 1;
    if (isSame) differing.delete(client);
    else differing.add(client);
    isEqual = fromMs <= endMs && differing.size === 0;
  }
  return isEqual;
}
