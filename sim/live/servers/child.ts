/**
 * One supervised server: its state, its lives, and what follows when one ends.
 * "Child" is OTP's word for what a supervisor watches.
 *
 * @module
 */
import type { Clock } from "../../../herd/net/platform.ts";
import { hasEndedBy } from "../../model/faults/disk_trouble.ts";
import {
  nextState,
  type ServerState,
  type Signal,
  transition,
  WrongState,
} from "../../model/lifecycle.ts";
import type { TraceMemory } from "../../model/trace.ts";
import type { Ending } from "../../model/restart.ts";
import { type AskOptions, NoAnswer } from "../../worlds/ask.ts";
import type { Answers, Question } from "../../worlds/questions.ts";
import {
  ServerEnded,
  type ServerHandle,
  type ServerReport,
  type ServerStart,
  startIn,
} from "../../worlds/world.ts";
import { NotStarted, PortInUse, untilReleased } from "./ports.ts";
import { Restarts } from "./restarts.ts";
import type { ChildSettings } from "./settings.ts";

export class Child {
  #start: ServerStart;
  readonly #settings: ChildSettings<Child>;
  readonly #clock: Clock;
  readonly #linked = new Set<string>();
  readonly #traces: TraceMemory[] = [];
  #state: ServerState = "stopped";
  #sinceMs: number;
  #listening = false;
  #listeningSinceMs = Infinity;
  #handle: ServerHandle | undefined;
  #asker: PromiseWithResolvers<void> | undefined;
  #giveUpWaiting: (() => void) | undefined;
  #stopped: PromiseWithResolvers<void> | undefined;
  #ended: PromiseWithResolvers<void> | undefined;
  #ending: Ending = "killed";
  /** Whether the crash to come, or the last one, was asked for. */
  #isAsked = false;
  #releasing: Promise<boolean> | undefined;
  #retired = false;
  /** Its restarts by the policy. */
  readonly restarts: Restarts;

  constructor(start: ServerStart, settings: ChildSettings<Child>) {
    this.#start = start;
    this.#settings = settings;
    this.#clock = settings.platform.clock;
    this.restarts = new Restarts(settings, this.#clock);
    this.#sinceMs = this.#clock.nowMs();
  }

  get start(): ServerStart {
    return this.#start;
  }

  /** Changes the options of its next starts. */
  change(what: Partial<ServerStart>): void {
    this.#start = { ...this.#start, ...what };
  }

  get name(): string {
    return this.start.name;
  }

  get state(): ServerState {
    return this.#state;
  }

  /** When it entered its state, in milliseconds since the epoch. */
  get sinceMs(): number {
    return this.#sinceMs;
  }

  /** Whether it listens on its port. */
  get listening(): boolean {
    return this.#listening;
  }

  /** When it last began to listen, in milliseconds since the epoch. */
  get listeningSinceMs(): number {
    return this.#listeningSinceMs;
  }

  /** The neighbours to which its links are up. */
  get linked(): ReadonlySet<string> {
    return this.#linked;
  }

  /** Whether links can be observed. */
  get seesLinks(): boolean {
    return this.#settings.world.sees.has("links");
  }

  /** The trace of each of its lives, past ones included; see `readTrace`. */
  get traces(): readonly TraceMemory[] {
    return this.#traces;
  }

  /** Whether it was started and has not ended; true also while paused. */
  get isRunning(): boolean {
    return this.#handle !== undefined;
  }

  /**
   * Asks it, and waits for the answer.
   *
   * @throws {NoAnswer} If it does not run, ends, can't answer or takes too long.
   */
  async ask<K extends Question["ask"]>(
    question: Extract<Question, { readonly ask: K }>,
    options?: AskOptions,
  ): Promise<Answers[K]> {
    if (!this.#handle) throw new ServerEnded(this.name, "does not run");
    if (this.#handle.ask) return await this.#handle.ask<K>(question, options);
    const { name: world } = this.#settings.world;
    throw new NoAnswer(
      `Cannot ask ${this.name} for ${question.ask}: ` +
        `servers of the world ${world} answer no questions`,
    );
  }

  /** Requests a sign of life; returns how many in a row were not answered. */
  heartbeat(): number {
    return this.#handle?.heartbeat() ?? 0;
  }

  #move(signal: Signal, why?: string): void {
    this.#state = transition(this.name, this.#state, signal);
    this.#sinceMs = this.#clock.nowMs();
    const { name: server } = this;
    const isAsked = this.#state === "crashed" && this.#isAsked;
    this.#settings.onIncident({
      kind: "state",
      server,
      state: this.#state,
      ...why && { why },
      ...isAsked && { isAsked },
    }, this.#sinceMs);
    this.#settings.onChange(this);
  }

  /**
   * Starts it, and waits until it is ready.
   *
   * @throws {PortInUse} If another program has its port.
   * @throws {Error} If it does not start, is not ready in time or was retired.
   */
  async launch(verb: "start" | "revive" | "restart"): Promise<void> {
    transition(this.name, this.#state, "start", verb);
    if (this.#retired) {
      throw new Error(`Cannot ${verb} ${this.name}: the herd has stopped`);
    }
    this.restarts.forget();
    const { readyMs } = this.#settings;
    const asker = this.#asker = Promise.withResolvers<void>();
    const beganMs = this.#clock.nowMs();
    const giveUp = this.#giveUpWaiting = () =>
      asker.reject(new NotStarted(this.#unready(verb, beganMs)));
    const timer = this.#clock.after(readyMs, giveUp);
    try {
      this.#spawn();
      await asker.promise;
    } finally {
      timer.cancel();
      if (this.#asker === asker) this.#asker = undefined;
    }
  }

  /** Ends the wait for its links, because they can't come up. */
  waitNoLonger(): void {
    this.#giveUpWaiting?.();
  }

  #unready(verb: string, beganMs: number): string {
    const tookMs = Math.round(this.#clock.nowMs() - beganMs);
    const unlinked = this.#settings.unlinked(this).join(", ");
    const how = this.#listening
      ? `it listens, but is not linked to ${unlinked},`
      : "it does not listen";
    const also = this.#listening ? "" : this.#handle?.unready?.() ?? "";
    return `Cannot ${verb} ${this.name}: ${how} after ${tookMs} ms${also}`;
  }

  #spawn(): void {
    this.restarts.starts();
    this.#isAsked = false;
    const started = startIn(this.#settings.world, this.start, {
      clock: this.#clock,
      onReport: (report) => this.#onReport(report),
    });
    const isStarted = !(started instanceof Error);
    if (isStarted) this.#handle = started;
    if (isStarted && started.trace) this.#traces.push(started.trace);
    this.#move("start");
    if (!isStarted) void this.fail("error", started.message);
  }

  #onReport(report: ServerReport): void {
    switch (report.kind) {
      case "listening":
        this.#listening = true;
        this.#listeningSinceMs = this.#clock.nowMs();
        return this.#settings.onChange(this);
      case "start-failed":
        return void this.fail("error", report.why, report.portInUse);
      case "stopped":
        return this.#stopped?.resolve();
      case "crashed":
        return void this.fail("error", report.why);
      case "event":
        return this.#onEvent(report);
    }
  }

  #onEvent({ event, atMs }: Extract<ServerReport, { kind: "event" }>): void {
    if (event.kind === "link-up") this.#linked.add(event.peer);
    if (event.kind === "link-down") this.#linked.delete(event.peer);
    this.#settings.onIncident({ server: this.name, ...event }, atMs);
    this.#settings.onChange(this);
  }

  /** It listens and has all links that it can have: it is up. */
  ready(): void {
    this.#move("ready");
    this.#asker?.resolve();
  }

  /** It ended by itself: known from an error, its exit or its silence. */
  async fail(
    signal: "error" | "exit",
    why: string,
    portInUse = false,
  ): Promise<void> {
    if (nextState(this.#state, signal) === undefined) return;
    const { name, start: { hostname, port } } = this;
    const [stopping, started] = [this.#state === "stopping", this.#listening];
    this.#ending = "crashed";
    if (hasEndedBy(this.start.trouble, why)) this.#isAsked = true;
    this.#end();
    this.#move(signal, why);
    this.#stopped?.resolve();
    if (!started && this.#asker) {
      this.#asker.reject(
        portInUse
          ? new PortInUse(name, hostname, port)
          : new NotStarted(`Cannot start ${name}: ${why}`),
      );
      return;
    }
    // A port that another program holds can't be released by this server.
    const released = portInUse || await this.#released();
    if (released && !stopping) this.#restart();
  }

  /** Kills it, and waits until its port is free. */
  async kill(verb: "kill" | "restart" | "wipe" = "kill"): Promise<void> {
    transition(this.name, this.#state, "kill", verb);
    this.#ending = "killed";
    this.#end();
    this.#move("kill");
    this.#endWait("was killed");
    this.#stopped?.resolve();
    if (!await this.#released()) {
      throw new Error(
        `Cannot kill ${this.name}: it does not let go of port ${this.start.port}`,
      );
    }
    if (verb === "wipe") await this.#settings.world.wipe?.(this.start);
    if (verb !== "restart") this.#restart();
  }

  /** Makes it die of an uncaught error, and waits until it has. */
  async crash(why: string): Promise<void> {
    if (this.#state !== "up") {
      throw new WrongState(this.name, this.#state, "error", "crash");
    }
    const ended = this.#ended ??= Promise.withResolvers();
    this.#isAsked = true;
    this.#handle?.crash(why);
    await ended.promise;
  }

  #end(): void {
    this.#handle?.kill();
    this.#handle = undefined;
    this.#ended?.resolve();
    this.#ended = undefined;
    this.#listening = false;
    this.#linked.clear();
  }

  /** Waits until the port of an ended server is free, or it is wedged. */
  #released(releaseMs: number = this.#settings.releaseMs): Promise<boolean> {
    return this.#releasing = this.#lookAtPort(releaseMs);
  }

  async #lookAtPort(releaseMs: number): Promise<boolean> {
    const { platform } = this.#settings;
    const { port } = this.start;
    if (await untilReleased(platform, this.start, releaseMs)) return true;
    if (nextState(this.#state, "deaf")) {
      this.#move("deaf", `it holds port ${port} ${releaseMs} ms after its end`);
    }
    return false;
  }

  /** A wedged server has released its port after all. */
  unwedge(): void {
    if (this.#state !== "wedged") return;
    this.#move("exit", "it let go of its port at last");
    if (this.#ending === "crashed") this.#restart();
  }

  /** Restarts it if the policy says so and the intensity allows it. */
  #restart(): void {
    // It may have been started by hand in the meantime.
    if (nextState(this.#state, "start") === undefined) return;
    const { intensity, onIncident } = this.#settings;
    const server = this.name;
    const atMs = this.#clock.nowMs();
    const delayMs = this.#retired
      ? "unwanted"
      : this.restarts.after(this.#ending, atMs);
    if (delayMs === "unwanted") return this.#endWait("crashed");
    if (delayMs === "too-many") {
      const isAsked = this.#isAsked && { isAsked: true };
      onIncident(
        { kind: "restart-limit", server, ...intensity, ...isAsked },
        atMs,
      );
      this.#settings.onChange(this);
      return this.#endWait("crashed");
    }
    if (delayMs === 0) return this.#bringBack();
    onIncident({ kind: "backoff", server, delayMs }, atMs);
    this.restarts.putOff(delayMs, () => this.#bringBack());
  }

  #bringBack(): void {
    const { name: server } = this;
    const atMs = this.#clock.nowMs();
    const backoffMs = atMs - this.#sinceMs;
    this.restarts.counted(backoffMs);
    const restarts = this.restarts.count;
    this.#settings.onIncident(
      { kind: "restart", server, restarts, backoffMs },
      atMs,
    );
    this.#spawn();
  }

  #endWait(why: string): void {
    this.#asker?.reject(new Error(`${this.name} ${why} before it was ready`));
  }

  async pause(): Promise<void> {
    this.#move("pause");
    try {
      await this.#handle?.pause(this.#settings.pauseMs);
    } catch (error) {
      await this.fail("exit", "it did not heed a pause");
      throw error;
    }
  }

  resume(): void {
    this.#move("resume");
    this.#handle?.resume();
  }

  /** Stops it for good: in good order, or by force if that takes too long. */
  async stop(graceMs: number, releaseMs: number): Promise<void> {
    this.#retired = true;
    this.restarts.cancel();
    if (nextState(this.#state, "stop") === undefined) {
      // If it has just crashed or been killed, its port may not be free yet.
      return void await this.#releasing;
    }
    const stopped = this.#stopped = Promise.withResolvers<void>();
    this.#endWait("was stopped");
    this.#move("stop");
    this.#handle?.stop();
    const timer = this.#clock.after(graceMs, stopped.resolve);
    await stopped.promise;
    timer.cancel();
    this.#end();
    if (this.#state === "stopping") this.#move("exit");
    await this.#released(releaseMs);
  }
}
