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

export class Relays implements Disposable {
  readonly ports: readonly number[];
  readonly #relays: readonly Relay[];
  readonly #records: readonly Float64Array[];

  private constructor(
    relays: readonly Relay[],
    ports: readonly number[],
    records: readonly Float64Array[],
  ) {
    this.#relays = relays;
    this.ports = ports;
    this.#records = records;
  }

  /** Starts a relay for each server; each records at most `lines` lines. */
  static async start(
    { servers, links }: Topology,
    lines: number,
  ): Promise<Relays> {
    const relays = servers.map(({ name }) => startRelay(name));
    const ports = await Promise.all(
      relays.map((relay) => relay.ask<"port">({ ask: "port" })),
    );
    const portOfServer = (name: string) =>
      ports[servers.findIndex((server) => server.name === name)]!;
    const memories = servers.map(() =>
      new SharedArrayBuffer(lines * LINE_BYTES)
    );
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
    const records = memories.map((memory) => new Float64Array(memory));
    return new Relays(relays, ports, records);
  }

  /**
   * Each line that each relay received: when it was due, and when it arrived,
   * in milliseconds.
   */
  *arrivals(): IterableIterator<{ dueMs: number; atMs: number }> {
    for (const record of this.#records) {
      for (let at = 0; record[at]! > 0; at += 2) {
        yield { dueMs: record[at]! / 1_000, atMs: record[at + 1]! };
      }
    }
  }

  [Symbol.dispose](): void {
    for (const relay of this.#relays) relay.end(new Error("It was ended"));
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
