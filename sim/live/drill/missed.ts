/**
 * Who can't have a fix, where servers tell each other of it once and never again:
 * who was down when it was told, who no way led to then, and who has begun anew.
 *
 * @module
 */
import type { Acknowledged } from "../../model/ledger.ts";
import type { ServerState } from "../../model/lifecycle.ts";
import { neighboursOf, type Topology } from "../../model/topology/topology.ts";

/** From when on a server was up, or down. */
interface Change {
  readonly atMs: number;
  readonly isUp: boolean;
}

/** The servers of a herd, as they were at each moment. */
export class Missed {
  readonly #topology: Topology;
  readonly #changes = new Map<string, Change[]>();

  /** All servers are up, and have been from the start. */
  constructor(topology: Topology) {
    this.#topology = topology;
  }

  /** A server came into a state. */
  hear(server: string, state: ServerState, atMs: number): void {
    const isUp = state === "up" || state === "paused";
    const changes = this.#changes.getOrInsertComputed(server, () => []);
    if (this.#isUp(server, Infinity) !== isUp) changes.push({ atMs, isUp });
  }

  /** Of some servers, those that can't have a fix. */
  of({ server, atMs }: Acknowledged, on: readonly string[]): string[] {
    const told = new Set([server]);
    for (const name of told) {
      for (const next of neighboursOf(this.#topology, name)) {
        if (this.#isUp(next, atMs)) told.add(next);
      }
    }
    return on.filter((name) => !told.has(name) || this.#hasEnded(name, atMs));
  }

  #isUp(server: string, atMs: number): boolean {
    const changes = this.#changes.get(server) ?? [];
    return changes.findLast((it) => it.atMs <= atMs)?.isUp ?? true;
  }

  #hasEnded(server: string, sinceMs: number): boolean {
    const changes = this.#changes.get(server) ?? [];
    return changes.some(({ atMs, isUp }) => !isUp && atMs >= sinceMs);
  }
}
