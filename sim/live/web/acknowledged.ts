/**
 * The fixes that the herd has acknowledged to clients of the HTTP API, which
 * its expectations are checked against.
 *
 * @module
 */
import type { AtReply } from "../../../herd/net/client.ts";
import type { HerdEvent } from "../../model/events.ts";
import { Recorder } from "../drill/recorder.ts";
import { Stage } from "../drill/stage.ts";
import type { Herd } from "../herd/herd.ts";

/** Only the most recent clients are kept. */
const CLIENTS_MAX = 10_000;
/** How many changes of servers' states are kept. */
const STATES_MAX = 1_000;

/** Acknowledged fixes, and the servers' changes of state since. */
export class Acknowledged implements Disposable {
  readonly #herd: Herd;
  readonly #fixes = new Map<string, { fix: AtReply; atMs: number }>();
  readonly #states: (HerdEvent & { kind: "state" })[] = [];
  readonly #heard: Disposable;

  constructor(herd: Herd) {
    this.#herd = herd;
    this.#heard = herd.subscribe((event) => {
      if (event.kind !== "state") return;
      this.#states.push(event);
      if (this.#states.length > STATES_MAX) this.#states.shift();
    });
  }

  /** Adds a fix that a server has acknowledged. */
  take(fix: AtReply): void {
    const atMs = this.#herd.platform.clock.nowMs();
    this.#fixes.delete(fix.client);
    this.#fixes.set(fix.client, { fix, atMs });
    if (this.#fixes.size <= CLIENTS_MAX) return;
    const [oldest] = this.#fixes.keys();
    this.#fixes.delete(oldest!);
  }

  /** A stage on which an expecting step can be run. */
  stage(signal: AbortSignal): Stage {
    const recorder = new Recorder(this.#herd.platform.clock);
    const stage = new Stage(this.#herd, recorder, 0, signal, []);
    const fixes = [...this.#fixes.values()];
    const all = [
      ...this.#states.map((state) => ({ atMs: state.atMs, state })),
      ...fixes,
    ].sort((a, b) => a.atMs - b.atMs);
    for (const it of all) {
      if ("state" in it) stage.hear(it.state);
      else stage.ledger.acknowledge(it.fix, it.atMs);
    }
    return stage;
  }

  [Symbol.dispose](): void {
    this.#heard[Symbol.dispose]();
  }
}
