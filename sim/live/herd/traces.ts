/**
 * Reads what the servers of a herd have recorded, dead ones included.
 *
 * @module
 */
import type { HerdEvent } from "../../model/events.ts";
import { LineTexts } from "../../model/line_texts.ts";
import { readTrace, type TraceMemory } from "../../model/trace.ts";
import { tracedPeers } from "../../worlds/world.ts";
import type { Supervisor } from "../servers/supervisor.ts";

/**
 * The traces of each life of each server, for `readTrace`, and, last, of the
 * links' proxies, as a server without a name: by then these hold the outcome of
 * all that was read before.
 */
export function* recordedBy(
  supervisor: Supervisor,
  ofProxies: TraceMemory | undefined,
) {
  for (const { name: server } of supervisor.status()) {
    const { start, traces } = supervisor.child(server);
    const neighbours = tracedPeers(start);
    for (const memory of traces) yield { server, neighbours, memory };
  }
  if (ofProxies) yield { server: "", neighbours: [], memory: ofProxies };
}

/** All events of the traces, in that order. */
export function* readTraces(
  supervisor: Supervisor,
  ofProxies: TraceMemory | undefined,
): IterableIterator<HerdEvent> {
  const texts = new LineTexts();
  for (const it of recordedBy(supervisor, ofProxies)) {
    yield* readTrace(it.server, it.neighbours, it.memory, texts);
  }
}
