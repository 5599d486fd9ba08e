/**
 * What the steps of a drill act on: the herd, the ledger, the connections to
 * the servers, and random numbers that the drill's seed replays.
 *
 * @module
 */
import { isKept } from "../../model/durability.ts";
import { type Via, VIAS } from "../../../herd/core/wire/via.ts";
import type { Clock } from "../../../herd/net/platform.ts";
import { delay } from "../../../herd/net/timing.ts";
import { AssertionError } from "@std/assert";
import type { Client } from "../../../herd/net/client.ts";
import type { ServerState } from "../../model/lifecycle.ts";
import { type Acknowledged, Ledger } from "../../model/ledger.ts";
import type { StepResult } from "../../model/report/result.ts";
import type { Step } from "../../model/scenario/scenario.ts";
import type { ServerList } from "../../model/topology/topology.ts";
import { kindOf } from "../../model/steps/kinds.ts";
import { StepRandom } from "../../model/scenario/step_random.ts";
import { CLOCK_SKEW } from "../../model/steps/clock_skew.ts";
import type { HerdEvent } from "../../model/events.ts";
import type { Herd } from "../herd/herd.ts";
import { Missed } from "./missed.ts";
import type { Recorder } from "./recorder.ts";

/** What a step found, or brought about. */
export type Outcome = Omit<
  StepResult,
  "step" | "depth" | "startedMs" | "tookMs"
>;

/** How long what is on its way at the end of a drill may take to come. */
const SETTLED_MS = 250;

export class Stage {
  readonly herd: Herd;
  /** Who acknowledged what, and who was killed. */
  readonly ledger: Ledger;
  readonly recorder: Recorder;
  readonly clock: Clock;
  /** Aborted when the drill is to end at once. */
  readonly signal: AbortSignal;
  /** Random numbers that the drill's seed replays. */
  readonly random: StepRandom;
  readonly #missed: Missed;
  /** By server and way in. */
  readonly #clients = new Map<string, Promise<Client>>();
  readonly #unskewed = new Set<string>();
  #haveFaultsEnded = false;
  readonly #running = new Set<{ readonly step: Step }>();

  constructor(
    herd: Herd,
    recorder: Recorder,
    seed: number,
    signal: AbortSignal,
    steps: readonly Step[],
  ) {
    this.herd = herd;
    this.ledger = new Ledger({
      staysPut: herd.mode === "ondemand",
      isKept: isKept(herd.keeping),
    });
    this.#missed = new Missed(herd.topology);
    this.random = new StepRandom(steps, seed);
    this.recorder = recorder;
    this.clock = recorder.clock;
    this.signal = signal;
  }

  /** Takes note of a step that is being taken, until it has ended. */
  async running<T>(step: Step, taken: Promise<T>): Promise<T> {
    // In a repeat, the same step may be under way twice.
    const running = { step };
    this.#running.add(running);
    try {
      return await taken;
    } finally {
      this.#running.delete(running);
    }
  }

  /** The steps under way by which the herd can't come to rest. */
  disturbances(): Step[] {
    return [...this.#running].map(({ step }) => step)
      .filter((step) => kindOf(step).isDisturbing);
  }

  /** Takes note of a fault that this herd's world can't bring about. */
  leaveOut(step: Step): void {
    if (step.kind !== CLOCK_SKEW) return;
    for (const server of this.upOf(step.targets)) this.#unskewed.add(server);
  }

  /** Takes note of what is healed, by its name: all, or what is on a server. */
  heal(what: string): void {
    if (what === "all") this.#unskewed.clear();
    else this.#unskewed.delete(what);
  }

  /** Whether a server's clock was to be wrong in this drill, and is not. */
  isUnskewed(server: string): boolean {
    return this.#unskewed.has(server);
  }

  /** Whether no more faults are to begin. */
  get haveFaultsEnded(): boolean {
    return this.#haveFaultsEnded;
  }

  /** Has no more faults begin, whatever goes on in the background. */
  endFaults(): void {
    this.#haveFaultsEnded = true;
  }

  /** The servers that are in one of these states. */
  inState(...states: ServerState[]): string[] {
    return this.herd.status().filter(({ state }) => states.includes(state))
      .map(({ name }) => name);
  }

  up(): string[] {
    return this.inState("up");
  }

  /**
   * The servers a list names, up or not; `all` are those that are up, or are
   * starting: one that hangs as it starts is not passed over.
   */
  upOf(list: ServerList): string[] {
    if (!list.includes("all")) return [...list];
    return this.inState("up", "starting");
  }

  /** Of some servers, those of which nobody may expect that they have a fix. */
  missed(fix: Acknowledged, on: readonly string[]): string[] {
    if (this.herd.world.catchesUp !== false) return [];
    return this.#missed.of(fix, on);
  }

  /**
   * A connection to a server, shared by all steps until it is dropped.
   * @throws {Error} If the server takes none.
   */
  async client(server: string, via: Via = "tcp"): Promise<Client> {
    const way = `${server} ${via}`;
    const client = this.#clients.getOrInsertComputed(
      way,
      () => this.herd.client(server, { via }),
    );
    try {
      return await client;
    } catch (error) {
      if (this.#clients.get(way) === client) this.#clients.delete(way);
      throw error;
    }
  }

  /** Gives up the connections to a server. */
  async drop(server: string): Promise<void> {
    await Promise.all(VIAS.map(async (via) => {
      const way = `${server} ${via}`;
      const client = this.#clients.get(way);
      this.#clients.delete(way);
      await client?.then((open) => open.close()).catch(() => {});
    }));
  }

  /**
   * The AT lines by which each server answers, of those that do, once what is
   * on its way has had a moment to come; none where nobody can see them.
   */
  async records(): Promise<Map<string, string[]>> {
    if (!this.herd.world.sees.has("records")) return new Map();
    await this.#settle();
    const answers = await this.herd.answers(this.up());
    return new Map(
      [...answers].map(([server, its]) => [server, its.map((it) => it.line)]),
    );
  }

  /** Lets servers exchange what they still have to tell each other. */
  async #settle(): Promise<void> {
    const on = this.up();
    if (on.length === 0) return;
    try {
      await this.herd.converged({ on, withinMs: SETTLED_MS });
    } catch (error) {
      // That they differ is what their records are to show.
      if (!(error instanceof AssertionError)) throw error;
    }
  }

  hear(event: HerdEvent): void {
    this.recorder.hear(event, this.herd.world.sees.has("deliveries"));
    if (event.kind !== "state") return;
    const { server, state, atMs } = event;
    this.ledger.state(server, state, atMs);
    this.#missed.hear(server, state, atMs);
    // A connection to who has ended is of no use to the next steps.
    if (state === "stopped" || state === "crashed") void this.drop(server);
  }

  /** Writes down what the faults that still stand have touched. */
  async recordActiveFaults(): Promise<void> {
    for (const { id, touched, endedMs } of await this.herd.faults.records()) {
      if (endedMs !== undefined) continue;
      this.recorder.record({ kind: "fault-touched", id, touched });
    }
  }

  /** Does nothing for some milliseconds. Rejects if the drill is to end. */
  async wait(ms: number): Promise<void> {
    await delay(this.clock, ms, this.signal);
  }

  /** Waits until a time of its clock; not at all if that has passed. */
  async waitUntil(atMs: number): Promise<void> {
    await this.wait(Math.max(0, atMs - this.clock.nowMs()));
  }
}
