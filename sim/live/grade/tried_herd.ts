/**
 * A brought herd, as checks of a grade speak to it and note what they did.
 *
 * @module
 */
import { abortable } from "@std/async";
import type { Platform } from "../../../herd/net/platform.ts";
import { Deadline, delay } from "../../../herd/net/timing.ts";
import type { Misbehaviour } from "../../model/faults/misbehaviour.ts";
import type { TopologyLink } from "../../model/topology/topology.ts";
import type { FaultHandle } from "../faults/fault_book.ts";
import type { Brought } from "../herd/bring.ts";
import { Herd } from "../herd/herd.ts";
import { type BringSubmission, bringSubmission } from "./bring_submission.ts";
import { isAt } from "./position.ts";
import { handOf } from "./by_hand.ts";
import { shellLines, type Step } from "./steps.ts";
import type { Submission } from "./submission.ts";
import { Traffic } from "./traffic.ts";

/** How long a server may take for a reply, and an update for its way. */
export const PATIENCE_MS = 10_000;
const LOOK_MS = 30;
/** A reply that is on its way when the time is up is waited for. */
const REPLY_MS = 1_000;
/** Of a reply, what is kept as proof. */
const REPLY_CHARACTERS_MAX = 4_000;

type Said = Extract<Step, { kind: "say" }>;

/** What a herd is started with. */
export interface TriedOptions
  extends Omit<BringSubmission, "onDial" | "onLimit"> {
  /** Ends it before it is ready. */
  readonly signal: AbortSignal;
}

/** A herd of a submission. */
export class TriedHerd implements AsyncDisposable {
  /** The servers' names. */
  readonly names: readonly string[];
  /** Which servers are linked. */
  readonly links: readonly TopologyLink[];
  /** Which servers ended unasked, and how. */
  readonly crashes: readonly string[];
  /** Which of these had used too much, and how. */
  readonly limited: readonly string[];
  /** What passes between servers. */
  readonly traffic: Traffic;
  readonly #platform: Platform;
  readonly #submission: Submission;
  readonly #herd: Herd;
  readonly #brought: Brought;
  readonly #readyMs: number;
  readonly #faults: FaultHandle[] = [];
  #steps: Step[] = [];
  #fixes = 0;
  #clients = 0;
  #isCalm = true;
  #isSpent = false;

  private constructor(
    platform: Platform,
    submission: Submission,
    herd: Herd,
    brought: Brought,
    { crashes, limited }: Pick<TriedHerd, "crashes" | "limited">,
    dials: () => number,
  ) {
    this.#platform = platform;
    this.#submission = submission;
    this.#herd = herd;
    this.#brought = brought;
    this.#readyMs = platform.clock.nowMs();
    this.crashes = crashes;
    this.limited = limited;
    this.names = herd.names;
    this.links = herd.topology.links;
    this.traffic = new Traffic(platform.clock, {
      directions: () => herd.faults.proxies.ask({ ask: "traffic" }),
      dials,
      note: (text) => this.note(text),
    });
  }

  /**
   * Starts a herd.
   *
   * @throws {Error} If a server does not start.
   */
  static async start(
    platform: Platform,
    submission: Submission,
    { signal, ...options }: TriedOptions,
  ): Promise<TriedHerd> {
    const { topology } = submission;
    const crashes: string[] = [];
    const limited: string[] = [];
    let dials = 0;
    const brought = await bringSubmission(platform, submission, {
      ...options,
      signal,
      onDial: () => dials++,
      onLimit: (server, how) => limited.push(`${server}: ${how}`),
    });
    // Servers that are killed are waited for no longer. Whoever ends it again
    // hears what goes wrong with that.
    const end = () => void Promise.allSettled([brought[Symbol.asyncDispose]()]);
    signal.addEventListener("abort", end, { once: true });
    try {
      signal.throwIfAborted();
      const herd = await Herd.start(topology, {
        ...brought.options,
        platform,
        restart: "temporary",
        onEvent: (event) => {
          if (event.kind !== "state" || event.state !== "crashed") return;
          crashes.push(`${event.server}: ${event.why}`);
        },
      });
      return new TriedHerd(
        platform,
        submission,
        herd,
        brought,
        { crashes, limited },
        () => dials,
      );
    } catch (error) {
      await brought[Symbol.asyncDispose]();
      throw error;
    } finally {
      signal.removeEventListener("abort", end);
    }
  }

  /** What was done since this was called last. */
  takeSteps(): Step[] {
    const steps = this.#steps;
    this.#steps = [];
    return steps;
  }

  /** Steps as a student can take them again. */
  shellLines(steps: readonly Step[]): string[] {
    const { world } = this.#brought.options;
    const { command, topology } = this.#submission;
    const hand = handOf({
      command,
      topology,
      dialect: world.dialect,
      portOf: (name) => this.#ownPort(name),
    });
    return shellLines(steps, hand);
  }

  /** Servers that name their ports themselves, and these. */
  ownPorts(): [name: string, port: number][] {
    return this.names.flatMap((name) => {
      const port = this.#ownPort(name);
      return port === undefined ? [] : [[name, port] as [string, number]];
    });
  }

  /** Another port than it was given is one that it names itself. */
  #ownPort(name: string): number | undefined {
    const asked = this.#brought.options.world.askedPort(name);
    return asked === this.#herd.address(name).port ? undefined : asked;
  }

  /** A server, and another that it has no link to, if there is one. */
  apart(): [near: string, far: string] {
    const near = this.names[0]!;
    const far = this.names.find((name) =>
      name !== near &&
      !this.links.some((link) => link.includes(near) && link.includes(name))
    );
    return [near, far ?? this.names.at(-1)!];
  }

  /** A client that this herd has not heard of. */
  client(): string {
    return `kiwi${++this.#clients}`;
  }

  /** A position in the west that no other fix of this herd has. */
  position(): string {
    const digits = String(++this.#fixes).padStart(6, "0");
    return `+34.${digits}-118.445127`;
  }

  /** The system's time as clients tell it, so many seconds later. */
  time(offsetS = 0): string {
    return (this.#platform.clock.wallMs() / 1_000 + offsetS).toFixed(6);
  }

  /** Notes something that is seen, or done by other means than a command. */
  note(text: string): void {
    this.#steps.push({ atMs: this.#nowMs(), kind: "note", text });
  }

  #nowMs(): number {
    return this.#platform.clock.nowMs() - this.#readyMs;
  }

  /** Lets time pass. */
  async pass(ms: number): Promise<void> {
    await delay(this.#platform.clock, ms);
  }

  /** What a server replies to a line, as it came; nothing, if not in time. */
  async ask(
    server: string,
    line: string,
    { withinMs = PATIENCE_MS, isAtOnce = false } = {},
  ): Promise<string> {
    const step = this.#say({ server, line, ...isAtOnce && { isAtOnce } });
    if (line.startsWith("IAMAT ")) this.#isCalm = false;
    return await this.#replyTo(step, withinMs);
  }

  #say(said: Omit<Said, "kind" | "atMs">): Said {
    const step: Said = { atMs: this.#nowMs(), kind: "say", ...said };
    this.#steps.push(step);
    return step;
  }

  async #replyTo(step: Said, withinMs: number): Promise<string> {
    using late = new Deadline(this.#platform.clock, withinMs);
    const asking = this.#brought.options.world
      .ask(this.#herd.address(step.server), this.#platform, step.line);
    const reply = await abortable(asking, late.signal).catch(() => "");
    step.reply = reply.slice(0, REPLY_CHARACTERS_MAX);
    step.tookMs = this.#nowMs() - step.atMs;
    return reply;
  }

  /** Sends a fix to a server; its reply. */
  async iamat(
    server: string,
    client: string,
    position = this.position(),
    time = this.time(),
  ): Promise<string> {
    return await this.ask(server, `IAMAT ${client} ${position} ${time}`);
  }

  /** What servers reply to lines that are sent at the same moment. */
  async askAtOnce(
    lines: readonly { readonly server: string; readonly line: string }[],
  ): Promise<string[]> {
    return await Promise.all(
      lines.map(({ server, line }) =>
        this.ask(server, line, { isAtOnce: true })
      ),
    );
  }

  /**
   * What a server tells of a client when updates seem to have got everywhere:
   * as soon as it is that the client is at a position, or when the time is up.
   */
  async telling(
    server: string,
    client: string,
    position: string,
    withinMs: number = PATIENCE_MS,
  ): Promise<string> {
    const { clock } = this.#platform;
    // There are servers that end when they are asked for a client too soon.
    if (!this.#isCalm) await this.traffic.calm();
    this.#isCalm = true;
    const line = `WHATSAT ${client} 1 1`;
    const step = this.#say({ server, line, isUntil: true });
    const endMs = clock.nowMs() + withinMs;
    for (let looks = 1;; looks++) {
      const leftMs = Math.max(REPLY_MS, endMs - clock.nowMs());
      const reply = await this.#replyTo(step, leftMs);
      if (isAt(reply, position) || clock.nowMs() >= endMs) return reply;
      await delay(clock, LOOK_MS * Math.min(looks, 10));
    }
  }

  /** How often the places service was asked since it last was told to behave. */
  async places(mode: Misbehaviour): Promise<number> {
    if (mode !== "none") this.note(`Google: ${mode}`);
    return await this.#brought.options.places.misbehave!(mode);
  }

  /** Takes Google away from all servers, or gives it back. */
  async withoutGoogle(isGone: boolean): Promise<void> {
    const { world, places } = this.#brought.options;
    if (isGone) this.note("Google can't be reached");
    world.setHosts(isGone ? "gone" : "there");
    // Whoever finds the way to it nevertheless finds nothing there.
    await places.misbehave!(isGone ? "reset" : "none");
  }

  /** Kills a server. */
  async kill(server: string): Promise<void> {
    this.#did("kill", server);
    await this.#herd.kill(server);
  }

  /** Starts a server that is down; why it does not, if it does not. */
  async revive(server: string): Promise<string | undefined> {
    this.#did("revive", server);
    try {
      await this.#herd.revive(server);
      return undefined;
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      this.#isSpent = true;
      return error.message;
    }
  }

  /** Starts a server that is down, for the next check; it is no part of this. */
  async restore(server: string): Promise<void> {
    const steps = this.takeSteps();
    await this.revive(server);
    this.#steps = steps;
  }

  /** Whether others can use it: all servers are up, as far as is known. */
  get isWhole(): boolean {
    return !this.#isSpent && this.crashes.length === 0;
  }

  /** Freezes a server. */
  async pause(server: string): Promise<void> {
    this.#did("pause", server);
    await this.#herd.pause(server);
  }

  /** Has a frozen server go on. */
  async resume(server: string): Promise<void> {
    this.#did("resume", server);
    await this.#herd.resume(server);
  }

  #did(kind: "kill" | "revive" | "pause" | "resume", server: string): void {
    this.#steps.push({ atMs: this.#nowMs(), kind, server });
  }

  /** Cuts links: what is sent on them waits. */
  async cut(links: readonly TopologyLink[]): Promise<void> {
    const names = links.map((link) => link.join("-"));
    this.note(`cut ${names.join(", ")}`);
    this.#faults.push(await this.#herd.cut(names));
  }

  /** Has what is sent on any link arrive so much later. */
  async slow(ms: number): Promise<void> {
    this.note(`latency all ${ms}ms`);
    this.#faults.push(await this.#herd.latency("all", ms));
  }

  /** Ends what was done to links. */
  async heal(): Promise<void> {
    if (this.#faults.length > 0) this.note("heal");
    for (const fault of this.#faults.splice(0)) await fault.heal();
  }

  /** Stops it all. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#herd.stop();
    await this.#brought[Symbol.asyncDispose]();
  }
}
