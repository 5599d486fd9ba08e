/**
 * A herd of bare relays, a thread each: what the platform alone takes to get a
 * line to every server of a herd.
 *
 * @module
 */
import type { Topology } from "../../sim/model/topology/topology.ts";
import type { RelayOrder, RelayReady } from "./relay.ts";

const LINE_BYTES = 16;

export class Relays implements Disposable {
  readonly ports: readonly number[];
  readonly #workers: readonly Worker[];
  readonly #records: readonly Float64Array[];

  private constructor(
    workers: readonly Worker[],
    ports: readonly number[],
    records: readonly Float64Array[],
  ) {
    this.#workers = workers;
    this.ports = ports;
    this.#records = records;
  }

  /** Starts a relay for each server, which record `lines` lines at most. */
  static async start(
    { servers, links }: Topology,
    lines: number,
  ): Promise<Relays> {
    const module = new URL("./relay.ts", import.meta.url);
    const workers = servers.map(() => new Worker(module, { type: "module" }));
    const ports = await Promise.all(workers.map(portOf));
    const portOfServer = (name: string) =>
      ports[servers.findIndex((server) => server.name === name)]!;
    const memories = servers.map(() =>
      new SharedArrayBuffer(lines * LINE_BYTES)
    );
    const linked = workers.map(portOf);
    for (const [index, { name }] of servers.entries()) {
      const order: RelayOrder = {
        memory: memories[index]!,
        dials: links.filter(([from]) => from === name)
          .map(([, to]) => portOfServer(to)),
      };
      workers[index]!.postMessage(order);
    }
    await Promise.all(linked);
    const records = memories.map((memory) => new Float64Array(memory));
    return new Relays(workers, ports, records);
  }

  /** Each line that each relay got: its time, and when it came; in ms. */
  *arrivals(): IterableIterator<{ dueMs: number; atMs: number }> {
    for (const record of this.#records) {
      for (let at = 0; record[at]! > 0; at += 2) {
        yield { dueMs: record[at]! / 1_000, atMs: record[at + 1]! };
      }
    }
  }

  [Symbol.dispose](): void {
    for (const worker of this.#workers) worker.terminate();
  }
}

function portOf(worker: Worker): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  worker.onmessage = ({ data }: MessageEvent<RelayReady>) => resolve(data.port);
  worker.onerror = ({ message }) => reject(new Error(message));
  return promise;
}
