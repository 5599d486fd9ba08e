/**
 * Keeps the servers of a herd running: heartbeats, restarts by the rules of
 * `sim/model/restart.ts`, and an end that leaves nothing behind.
 *
 * A server is ready, and with that up, when it listens and is linked to every
 * neighbour that is up, as both ends see it. So when all are up, every link of
 * the herd is. Where links can't be seen, it is ready when it listens.
 *
 * @module
 */
import type { DiskTrouble } from "../../model/faults/disk_trouble.ts";
import { denoPlatform } from "../../../herd/net/deno_platform.ts";
import type { Platform, Timer } from "../../../herd/net/platform.ts";
import { every } from "../../../herd/net/timing.ts";
import type { Neighbour } from "../../../herd/net/peers_options.ts";
import type { Skew } from "../../model/faults/skew.ts";
import { hintFor } from "../../model/suggest.ts";
import type { Sight } from "../../model/sight.ts";
import { Changes } from "./changes.ts";
import { Child } from "./child.ts";
import type { HerdIncident } from "../../model/events.ts";
import { LostLinks } from "./lost_links.ts";
import { FailedDials, type LinkFaults, type Obstacle } from "./failed_dials.ts";
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
 * Servers that are started at the same time. More of them are no faster, for
 * there are not so many processors, and each takes the longer.
 */
const LAUNCHES_MAX = 12;
const STOP_MS = 1_200;
/** At the end nothing follows from it: the two together are within 2 s. */
const STOP_RELEASE_MS = 700;
/** What each server adds to both: they share few processors. */
const STOP_MS_EACH = 10;

/** The servers of one herd, under supervision. */
export class Supervisor {
  readonly platform: Platform;
  readonly world: World;
  readonly #children: ReadonlyMap<string, Child>;
  readonly #unansweredMax: number;
  readonly #isReachable: (a: string, b: string) => boolean;
  readonly #faultsOf: (a: string, b: string) => LinkFaults;
  readonly #failedDials = new FailedDials();
  readonly #lostLinks = new LostLinks((a, b) => this.#faultsOf(a, b).lasting);
  readonly #changes = new Changes();
  #heartbeatTimer: Timer | undefined;
  #stopped: Promise<void> | undefined;

  /** @throws {RangeError} If a number is none, or a time more than a timer takes. */
  constructor(
    servers: readonly ServerStart[],
    options: SupervisorOptions = {},
  ) {
    const checked = checkedOptions({ platform: denoPlatform, ...options });
    const { silenceMs, onIncident } = checked;
    this.platform = checked.platform;
    this.world = checked.world;
    this.#unansweredMax = Math.ceil(silenceMs / EVERY_MS);
    this.#isReachable = checked.isReachable;
    this.#faultsOf = checked.faultsOf;
    const settings = {
      ...checked,
      pauseMs: silenceMs,
      onIncident: (incident: HerdIncident, atMs: number) => {
        this.#failedDials.hear(incident, atMs);
        this.#lostLinks.hear(incident, atMs);
        onIncident(incident, atMs);
      },
      unlinked: (child: Child) => this.#obstacles(child).map((it) => it.text),
      onChange: () => this.#onChange(),
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
      // Where modules are type-checked as they are loaded, by `deno test` that
      // is, each worker would check them anew: the first one does it for all.
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

  sees(sight: Sight): boolean {
    return this.world.sees.has(sight);
  }

  up(): string[] {
    return this.#all.filter(({ state }) => state === "up")
      .map(({ name }) => name);
  }

  /**
   * The servers that are up, or are about to be: whom "all" means where
   * something is asserted. One that hangs as it starts is not passed over.
   */
  running(): string[] {
    return this.#all.filter(({ state }) =>
      state === "up" || state === "starting"
    ).map(({ name }) => name);
  }

  wedged(): string[] {
    return this.#all.filter(({ state }) => state === "wedged")
      .map(({ name }) => name);
  }

  /** @throws {RangeError} If there is none; with the name that was likely meant. */
  child(name: string): Child {
    const child = this.#children.get(name);
    if (child) return child;
    const hint = Object.values(hintFor(name, this.#children.keys()));
    throw new RangeError([`no server "${name}"`, ...hint].join(", "));
  }

  status(): ServerStatus[] {
    return this.#all.map(statusOf);
  }

  #onChange(): void {
    for (const child of this.#all) {
      const { state, listening } = child;
      if (state !== "starting" || !listening) continue;
      const obstacles = this.#obstacles(child);
      if (obstacles.length === 0) child.ready();
      else if (obstacles.some((it) => it.isLasting)) child.waitNoLonger();
    }
    this.#changes.tell();
  }

  /**
   * What is between it and the neighbours that are up, can be reached and are
   * not linked to it, as both ends see it.
   */
  #obstacles(child: Child): Obstacle[] {
    if (!this.sees("links")) return [];
    return child.start.neighbours.map(({ name }) => this.child(name))
      .filter((peer) =>
        peer.state === "up" && this.#isReachable(child.name, peer.name) &&
        !(child.linked.has(peer.name) && peer.linked.has(child.name))
      )
      .map(({ name }) => this.#obstacle(child, name));
  }

  #obstacle({ name, listeningSinceMs }: Child, peer: string): Obstacle {
    const faults = this.#faultsOf(name, peer);
    return this.#failedDials.obstacle(name, peer, listeningSinceMs, faults);
  }

  /** One heartbeat: finds the servers that ended without a word. */
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
   * Kills a server: no goodbye, its connections end as its process would.
   * Resolves when nobody listens on its port any more.
   *
   * @throws {WrongState} If it does not run.
   */
  async kill(name: string): Promise<void> {
    await this.child(name).kill();
  }

  /** Kills a server, and removes what it keeps on disk. */
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
   * Freezes a server: its sockets stay open, and nobody reads them.
   *
   * @throws {WrongState} If it is not up.
   */
  async pause(name: string): Promise<void> {
    await this.child(name).pause();
  }

  /**
   * Wakes a paused server. Resolves when it answers, if it is one that does.
   *
   * @throws {WrongState} If it is not paused.
   */
  async resume(name: string): Promise<void> {
    this.child(name).resume();
    if (this.world.takesOrders) await this.ask(name, { ask: "digest" });
  }

  /**
   * Has a server throw an error that nothing catches. Resolves when the crash
   * has been seen.
   *
   * @throws {WrongState} If it does not run.
   */
  async crash(name: string, why = "crashed on purpose"): Promise<void> {
    await this.child(name).crash(why);
  }

  /**
   * Asks a server, and waits for the answer at most 5 s.
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
   * and tells when. A server that is down, or dies meanwhile, is asked again
   * when it is back.
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
   * Has a server dial a neighbour at another address, from now on and whenever
   * it is started again. A link that is up stays as it is.
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

  /** Sets a server's clock or disk, now and whenever it is started again. */
  async set(name: string, what: { skew: Skew } | { trouble: DiskTrouble }) {
    const child = this.#ordered(name, "set its clock or disk");
    child.change(what);
    if (!child.isRunning) return;
    if ("skew" in what) await obey(child, { ask: "skew", ...what });
    else await obey(child, { ask: "trouble", ...what });
  }

  /** A server that can be told to do something. */
  #ordered(name: string, what: string): Child {
    const child = this.child(name);
    if (this.world.takesOrders) return child;
    throw new NoAnswer(
      `Cannot have ${name} ${what}: ${this.world.name} take no orders`,
    );
  }

  /** To be called when neighbours have become unreachable, or reachable. */
  reconsider(): void {
    this.#onChange();
  }

  /**
   * Waits until two servers are linked, as both ends see it, or one of them is
   * not up: it has no links until it is.
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

  /** Which links went down since then by silence, one text each. */
  lostLinks(sinceMs: number): string[] {
    return this.#lostLinks.since(sinceMs);
  }

  whyUnlinked(name: string, peer: string): string {
    return this.#obstacle(this.child(name), peer).text;
  }

  /**
   * Waits until something is true of a server. Each of its changes is looked
   * at, however short it lasts.
   */
  async whenStatus(
    name: string,
    isTrue: (status: ServerStatus) => boolean,
    signal: AbortSignal,
  ): Promise<void> {
    const child = this.child(name);
    await this.#changes.until(() => isTrue(statusOf(child)), signal);
  }

  /** Stops all servers for good, in good order, within 2 s; many take longer. */
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
