/**
 * Keeps the servers of a herd running: heartbeats, restarts by the rules of
 * `sim/model/restart.ts`, and a stop that leaves nothing behind.
 *
 * A server is ready, and so up, when it listens and has a link to every
 * neighbour that is up, as seen by both ends. So when all servers are up, all
 * links are. Where links can't be observed, it is ready when it listens.
 *
 * @module
 */
import type { DiskTrouble } from "../../model/faults/disk_trouble.ts";
import { denoPlatform } from "../../../herd/net/deno_platform.ts";
import type { Platform, Timer } from "../../../herd/net/platform.ts";
import { every } from "../../../herd/net/timing.ts";
import type { Neighbour } from "../../../herd/net/neighbour.ts";
import type { Skew } from "../../model/faults/skew.ts";
import type { ServerState } from "../../model/lifecycle.ts";
import { hinted } from "../../model/suggest.ts";
import { Changes } from "./changes.ts";
import { Child } from "./child.ts";
import type { HerdIncident } from "../../model/events.ts";
import { LostLinks } from "./lost_links.ts";
import { FailedDials, type Obstacle } from "./failed_dials.ts";
import { IN_TIME, obey } from "./obey.ts";
import { isListening } from "./ports.ts";
import { checkedOptions, type SupervisorOptions } from "./settings.ts";
import { type ServerStatus, statusOf } from "./status.ts";
import type { Answers, Holding, Question } from "../../worlds/questions.ts";
import { NoAnswer } from "../../worlds/ask.ts";
import {
  ServerEnded,
  type ServerStart,
  type World,
} from "../../worlds/world.ts";

const EVERY_MS = 500;
/**
 * How many servers are started at the same time. More would not be faster,
 * because processors are few, and each start would take longer.
 */
const LAUNCHES_MAX = 12;
const STOP_MS = 1_200;
/** For all to stop: together with `STOP_MS` this stays below 2 s. */
const STOP_RELEASE_MS = 700;
/** Added to both for each server, because they share few processors. */
const STOP_MS_EACH = 10;

/** The servers of one herd, under supervision. */
export class Supervisor {
  readonly platform: Platform;
  readonly world: World;
  readonly #children: ReadonlyMap<string, Child>;
  readonly #unansweredMax: number;
  readonly #options: Required<SupervisorOptions>;
  readonly #failedDials = new FailedDials();
  readonly #lostLinks = new LostLinks();
  readonly #changes = new Changes();
  #heartbeatTimer: Timer | undefined;
  #stopped: Promise<void> | undefined;

  /** @throws {RangeError} If a number is invalid, or a time is too long. */
  constructor(
    servers: readonly ServerStart[],
    options: SupervisorOptions = {},
  ) {
    const checked = checkedOptions({ platform: denoPlatform, ...options });
    const { silenceMs, onIncident } = checked;
    this.platform = checked.platform;
    this.world = checked.world;
    this.#unansweredMax = Math.ceil(silenceMs / EVERY_MS);
    this.#options = checked;
    const settings = {
      ...checked,
      pauseMs: silenceMs,
      onIncident: (incident: HerdIncident, atMs: number) => {
        this.#failedDials.hear(incident, atMs);
        this.#lostLinks.hear(incident, atMs);
        onIncident(incident, atMs);
      },
      unlinked: (child: Child) => this.#obstacles(child).map((it) => it.text),
      onChange: () => this.reconsider(),
    };
    this.#children = new Map(
      servers.map((start) => [start.name, new Child(start, settings)]),
    );
  }

  /**
   * Starts all servers, and waits until they are ready. If one fails, the
   * others are stopped again.
   *
   * @throws {PortInUse} If another program has a server's port.
   * @throws {Error} If a server does not start, or is not ready in time.
   */
  async start(): Promise<void> {
    const { clock } = this.platform;
    this.#heartbeatTimer = every(clock, EVERY_MS, () => void this.#heartbeat());
    try {
      // Where modules are type-checked on loading, as in `deno test`,
      // each worker would check them anew: the first one does it for all.
      const [first, ...others] = this.#all;
      await first?.launch("start");
      const left = others.values();
      const launchers = Array.from({ length: LAUNCHES_MAX }, async () => {
        for (const child of left) {
          if (this.#stopped) return;
          await child.launch("start");
        }
      });
      await Promise.all(launchers);
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  get #all(): Child[] {
    return [...this.#children.values()];
  }

  #in(...states: ServerState[]): string[] {
    return this.#all.filter(({ state }) => states.includes(state))
      .map(({ name }) => name);
  }

  up(): string[] {
    return this.#in("up");
  }

  /**
   * The servers that are up or starting: what "all" means in expectations. One
   * that hangs at its start is included.
   */
  running(): string[] {
    return this.#in("up", "starting");
  }

  wedged(): string[] {
    return this.#in("wedged");
  }

  /** @throws {RangeError} If there is none; the message may suggest another. */
  child(name: string): Child {
    const child = this.#children.get(name);
    if (child) return child;
    const known = this.#children.keys();
    throw new RangeError(hinted(`no server "${name}"`, name, known));
  }

  status(): ServerStatus[] {
    return this.#all.map(statusOf);
  }

  /**
   * Looks who is ready, or is not going to be. Call this when neighbours have
   * become reachable or unreachable.
   */
  reconsider(): void {
    for (const child of this.#all) {
      const { state, listening } = child;
      if (state !== "starting" || !listening) continue;
      const obstacles = this.#obstacles(child);
      if (obstacles.length === 0) child.ready();
      else if (obstacles.some((it) => it.isLasting)) child.waitNoLonger();
    }
    this.#changes.tell();
  }

  /** Why it lacks links, as both ends see it, to reachable neighbours. */
  #obstacles(child: Child): Obstacle[] {
    if (!this.world.sees.has("links")) return [];
    return child.start.neighbours.map(({ name }) => this.child(name))
      .filter((peer) =>
        peer.state === "up" &&
        this.#options.isReachable(child.name, peer.name) &&
        !(child.linked.has(peer.name) && peer.linked.has(child.name))
      )
      .map(({ name }) => this.#obstacle(child, name));
  }

  #obstacle({ name, listeningSinceMs }: Child, peer: string): Obstacle {
    const faults = this.#options.faultsOf(name, peer);
    return this.#failedDials.obstacle(name, peer, listeningSinceMs, faults);
  }

  /** One heartbeat: detects servers that ended without a report. */
  async #heartbeat(): Promise<void> {
    for (const child of this.#all) {
      if (child.state === "wedged") {
        const { hostname, port } = child.start;
        if (!await isListening(this.platform, { hostname, port })) {
          child.unwedge();
        }
        continue;
      }
      const missed = child.state === "up" || child.listening &&
          child.state === "starting"
        ? child.heartbeat()
        : 0;
      if (missed > this.#unansweredMax) {
        void child.fail("exit", `no heartbeat for ${missed * EVERY_MS} ms`);
      }
    }
  }

  /**
   * Kills a server without a goodbye: its connections end as if its process had
   * died. Resolves when nothing listens on its port any more.
   *
   * @throws {WrongState} If it does not run.
   */
  async kill(name: string): Promise<void> {
    await this.child(name).kill();
  }

  /** Kills a server, and removes its data on disk. */
  async wipe(name: string): Promise<void> {
    if (!this.world.wipe) throw new Error(`Nobody knows what ${name} keeps`);
    await this.child(name).kill("wipe");
  }

  /**
   * Starts a server that is stopped or crashed, on its old port. Resolves when
   * it is ready.
   *
   * @throws {WrongState} If it runs.
   */
  async revive(name: string): Promise<void> {
    await this.child(name).launch("revive");
  }

  /**
   * Kills a server and starts it again. Resolves when it is ready.
   *
   * @throws {WrongState} If it does not run.
   */
  async restart(name: string): Promise<void> {
    const child = this.child(name);
    await child.kill("restart");
    await child.launch("restart");
  }

  /**
   * Pauses a server: its sockets stay open, but it does not read them.
   *
   * @throws {WrongState} If it is not up.
   */
  async pause(name: string): Promise<void> {
    await this.child(name).pause();
  }

  /**
   * Resumes a paused server. Resolves when it answers, if it can answer at all.
   *
   * @throws {WrongState} If it is not paused.
   */
  async resume(name: string): Promise<void> {
    this.child(name).resume();
    if (this.world.takesOrders) await this.ask(name, { ask: "digest" });
  }

  /**
   * Makes a server throw an uncaught error. Resolves when it is seen as crashed.
   *
   * @throws {WrongState} If it does not run.
   */
  async crash(name: string, why = "crashed on purpose"): Promise<void> {
    await this.child(name).crash(why);
  }

  /**
   * Asks a server, and waits up to 5 s for the answer.
   *
   * @throws {NoAnswer} If it does not run, ends meanwhile or takes too long.
   */
  async ask<K extends Exclude<Question["ask"], "held">>(
    name: string,
    question: Extract<Question, { readonly ask: K }>,
  ): Promise<Answers[K]> {
    return await this.child(name).ask<K>(question, IN_TIME);
  }

  /**
   * Waits until the server holds this fix or a newer one of the same client,
   * and returns when that was. A server that is down, or dies in the meantime,
   * is asked again when it is back.
   */
  async whenHeld(
    name: string,
    at: string,
    signal: AbortSignal,
  ): Promise<Holding> {
    const child = this.child(name);
    while (true) {
      signal.throwIfAborted();
      try {
        if (child.listening) {
          return await child.ask({ ask: "held", at }, { signal });
        }
        await this.#changes.next(signal);
      } catch (error) {
        if (!(error instanceof ServerEnded)) throw error;
      }
    }
  }

  /**
   * Makes a server dial a neighbour at another address, now and after restarts.
   * A link that is up stays up.
   *
   * @throws {NoAnswer} If it does not answer, or takes no orders.
   */
  async readdress(name: string, neighbour: Neighbour): Promise<void> {
    const child = this.#ordered(name, `dial ${neighbour.name} elsewhere`);
    const neighbours = child.start.neighbours.map((it) =>
      it.name === neighbour.name ? neighbour : it
    );
    child.change({ neighbours });
    if (!child.isRunning) return;
    await obey(child, { ask: "readdress", neighbour });
  }

  /** Sets a server's clock or disk, now and after restarts. */
  async set(name: string, what: { skew: Skew } | { trouble: DiskTrouble }) {
    const child = this.#ordered(name, "set its clock or disk");
    child.change(what);
    if (!child.isRunning) return;
    if ("skew" in what) await obey(child, { ask: "skew", ...what });
    else await obey(child, { ask: "trouble", ...what });
  }

  /** @throws {NoAnswer} If servers of this world take no orders. */
  #ordered(name: string, what: string): Child {
    const child = this.child(name);
    if (this.world.takesOrders) return child;
    throw new NoAnswer(
      `Cannot have ${name} ${what}: ${this.world.name} take no orders`,
    );
  }

  /**
   * Waits until two servers are linked, as seen by both ends, or one of them is
   * not up, and so has no links.
   */
  async whenLinked(a: string, b: string, signal: AbortSignal): Promise<void> {
    const [one, other] = [this.child(a), this.child(b)];
    await this.#changes.until(
      () =>
        one.linked.has(b) && other.linked.has(a) ||
        one.state !== "up" || other.state !== "up",
      signal,
    );
  }

  /** The links that went down by silence since then, one text for each end. */
  lostLinks(sinceMs: number): string[] {
    return this.#lostLinks.since(sinceMs, this.#options.faultsOf);
  }

  whyUnlinked(name: string, peer: string): string {
    return this.#obstacle(this.child(name), peer).text;
  }

  /**
   * Waits until a condition of a server is true. It is checked after each
   * change, however short a state lasts.
   */
  async whenStatus(
    name: string,
    isTrue: (status: ServerStatus) => boolean,
    signal: AbortSignal,
  ): Promise<void> {
    const child = this.child(name);
    await this.#changes.until(() => isTrue(statusOf(child)), signal);
  }

  /** Stops all servers for good, in good order: 2 s at most, more for many. */
  stop(): Promise<void> {
    return this.#stopped ??= this.#stopAll();
  }

  async #stopAll(): Promise<void> {
    this.#heartbeatTimer?.cancel();
    const extraMs = this.#all.length * STOP_MS_EACH;
    await Promise.all(
      this.#all.map((child) =>
        child.stop(STOP_MS + extraMs, STOP_RELEASE_MS + extraMs)
      ),
    );
  }
}
