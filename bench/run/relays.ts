/**
 * A herd of bare relays, one thread each: the platform's minimum for sending a
 * line to every server of a herd.
 *
 * @module
 */
import { denoPlatform } from "../../herd/net/deno_platform.ts";
import type { Topology } from "../../sim/model/topology/topology.ts";
import { Thread } from "../../sim/worlds/threads/thread.ts";
import type { RelayAnswers, RelayQuestion } from "./relay.ts";

type Relay = Thread<RelayQuestion, RelayAnswers, never, never>;

const LINE_BYTES = 16;

export interface Relays extends Disposable {
  readonly ports: readonly number[];
  /**
   * Each line that each relay received: when it was due, and when it arrived,
   * in milliseconds.
   */
  arrivals(): Iterable<{ dueMs: number; atMs: number }>;
}

/** Starts a relay for each server; each records at most `lines` lines. */
export async function startRelays(
  { servers, links }: Topology,
  lines: number,
): Promise<Relays> {
  const relays = servers.map(({ name }) => startRelay(name));
  const ports = await Promise.all(
    relays.map((relay) => relay.ask<"port">({ ask: "port" })),
  );
  const portOfServer = (name: string) =>
    ports[servers.findIndex((server) => server.name === name)]!;
  const memories = servers.map(() => new SharedArrayBuffer(lines * LINE_BYTES));
  await Promise.all(
    servers.map(({ name }, index) =>
      relays[index]!.ask<"link">({
        ask: "link",
        memory: memories[index]!,
        dials: links.filter(([from]) => from === name)
          .map(([, to]) => portOfServer(to)),
      })
    ),
  );
  return {
    ports,
    arrivals: () => memories.values().flatMap(arrivalsIn),
    [Symbol.dispose]() {
      for (const relay of relays) relay.end(new Error("It was ended"));
    },
  };
}

function* arrivalsIn(memory: SharedArrayBuffer) {
  const record = new Float64Array(memory);
  for (let at = 0; record[at]! > 0; at += 2) {
    yield { dueMs: record[at]! / 1_000, atMs: record[at + 1]! };
  }
}

function startRelay(name: string): Relay {
  const relay: Relay = new Thread({
    name,
    module: new URL("./relay.ts", import.meta.url),
    permissions: { net: ["127.0.0.1"] },
    clock: denoPlatform.clock,
    onError: (why) => relay.end(new Error(`A relay has failed: ${why}`)),
  });
  return relay;
}
