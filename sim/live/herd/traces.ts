/**
 * What the servers of a herd have recorded, those included that are dead.
 *
 * @module
 */
import type { ByteString } from "../../../herd/core/bytes/bytes.ts";
import type { HerdEvent } from "../../model/events.ts";
import { readTrace, type TraceMemory } from "../../model/trace.ts";
import { tracedPeers } from "../../worlds/world.ts";
import type { Supervisor } from "../servers/supervisor.ts";

export interface Recorded {
  /** Who records; nobody's name: the proxies of links. */
  readonly server: string;
  /** Its neighbours, in the order that the writer was told. */
  readonly neighbours: readonly string[];
  /** See `readTrace`. */
  readonly memory: TraceMemory;
}

/**
 * What each life of each server records and, last, the proxies of links: of all
 * that was read by then it is known how it came out.
 */
export function* recordedBy(
  supervisor: Supervisor,
  ofProxies: TraceMemory | undefined,
): Iterable<Recorded> {
  for (const { name: server } of supervisor.status()) {
    const { start, traces } = supervisor.child(server);
    const neighbours = tracedPeers(start);
    for (const memory of traces) yield { server, neighbours, memory };
  }
  if (ofProxies) yield { server: "", neighbours: [], memory: ofProxies };
}

/** All that was recorded, in that order. */
export function* readTraces(
  supervisor: Supervisor,
  ofProxies: TraceMemory | undefined,
): IterableIterator<HerdEvent> {
  const texts = new Map<ByteString, string>();
  for (const it of recordedBy(supervisor, ofProxies)) {
    yield* readTrace(it.server, it.neighbours, it.memory, texts);
  }
}
