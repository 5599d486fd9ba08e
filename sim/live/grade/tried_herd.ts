/**
 * A brought herd, as checks of a grade speak to it and note what they did.
 *
 * @module
 */
import type { Platform } from "../../../herd/net/platform.ts";
import { Deadline, delay } from "../../../herd/net/timing.ts";
import type { Topology } from "../../model/topology/topology.ts";
import { bring, type Brought } from "../herd/bring.ts";
import { Herd } from "../herd/herd.ts";

/** What is graded. */
export interface Submission {
  /** What it is called in reports. */
  readonly name: string;
  /** The words that start a server. */
  readonly command: readonly string[];
  /** The folder that it runs in. */
  readonly folder: string;
  /** Its herd. */
  readonly topology: Topology;
}

/** That a check failed: what was due, and what came instead. */
export class Failure extends Error {
  /** The class's name, as errors print it. */
  override readonly name = "Failure";

  /** The failure of a check. */
  constructor(
    readonly expected: string,
    readonly came: string,
    /** The share of the points that it earns nevertheless. */
    readonly share: number = 0,
  ) {
    super(`expected ${expected}, came ${came}`);
  }
}

/** That a check can't be carried out. */
export class Skipped extends Error {
  /** The class's name, as errors print it. */
  override readonly name = "Skipped";
}

/** How long a server may take for a reply, and an update for its way. */
export const PATIENCE_MS = 10_000;
const LOOK_MS = 50;
/** No update in flight for so long: nothing more is to come of it. */
const QUIET_MS = 1_000;

/** A herd of a submission, fresh for one check. */
export class TriedHerd implements AsyncDisposable {
  /** The servers' names. */
  readonly names: readonly string[];
  /** Which servers are linked. */
  readonly links: Topology["links"];
  /** What was done, as a student can do it again. */
  readonly commands: string[] = [];
  /** Which servers ended unasked, and how. */
  readonly crashes: string[] = [];
  readonly #platform: Platform;
  readonly #herd: Herd;
  readonly #brought: Brought;
  readonly #counts: { dials: number };
  #fixes = 0;

  private constructor(
    platform: Platform,
    herd: Herd,
    brought: Brought,
    counts: { dials: number },
  ) {
    this.#platform = platform;
    this.#herd = herd;
    this.#brought = brought;
    this.#counts = counts;
    this.names = herd.names;
    this.links = herd.topology.links;
  }

  /**
   * Starts a herd.
   *
   * @throws {Error} If a server does not start.
   */
  static async start(
    platform: Platform,
    { command, folder, topology }: Submission,
  ): Promise<TriedHerd> {
    const counts = { dials: 0 };
    const crashes: string[] = [];
    const brought = await bring(platform, {
      command,
      folder,
      onDial: () => counts.dials++,
    });
    try {
      const herd = await Herd.start(topology, {
        ...brought.options,
        platform,
        restart: "temporary",
        onEvent: (event) => {
          if (event.kind !== "state" || event.state !== "crashed") return;
          crashes.push(`${event.server}: ${event.why}`);
        },
      });
      const tried = new TriedHerd(platform, herd, brought, counts);
      Object.assign(tried, { crashes });
      return tried;
    } catch (error) {
      await brought[Symbol.asyncDispose]();
      throw error;
    }
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

  /** A position in the west that no other fix of this herd has. */
  position(): string {
    const digits = String(++this.#fixes).padStart(6, "0");
    return `+34.${digits}-118.445127`;
  }

  /** The system's time as clients tell it, so many seconds later. */
  time(offsetS = 0): string {
    return (this.#platform.clock.wallMs() / 1_000 + offsetS).toFixed(6);
  }

  /**
   * What a server replies, as it came; nothing if it did not in time.
   *
   * @param isNoted Whether it stands among what was done.
   */
  async ask(
    server: string,
    line: string,
    { withinMs = PATIENCE_MS, isNoted = true } = {},
  ): Promise<string> {
    if (isNoted) this.commands.push(`to ${server}: ${line}`);
    const asking = this.#brought.options.world
      .ask(this.#herd.address(server), this.#platform, line)
      .catch(() => "");
    using late = new Deadline(this.#platform.clock, withinMs);
    const inTime = Promise.withResolvers<string>();
    late.signal.addEventListener("abort", () => inTime.resolve(""));
    return await Promise.race([asking, inTime.promise]);
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

  /** Whether a server comes to tell of a client at a position. */
  async knows(
    server: string,
    client: string,
    position: string,
    withinMs: number = PATIENCE_MS,
  ): Promise<boolean> {
    this.commands.push(`to ${server}: WHATSAT ${client} 1 1`);
    const { clock } = this.#platform;
    const endMs = clock.nowMs() + withinMs;
    do {
      const line = `WHATSAT ${client} 1 1`;
      const reply = await this.ask(server, line, { isNoted: false });
      if (isAt(reply, position)) return true;
      await delay(clock, LOOK_MS);
    } while (clock.nowMs() < endMs);
    return false;
  }

  /**
   * Waits until no server has dialled another for a while; how many dials there
   * were since the last call. More than `max` are not waited for.
   *
   * @throws {Skipped} If there was none, though an update must have brought some.
   */
  async settled(max: number): Promise<number> {
    for (let seen = -1; seen !== this.#counts.dials;) {
      seen = this.#counts.dials;
      if (seen > max) break;
      await delay(this.#platform.clock, QUIET_MS);
    }
    const { dials } = this.#counts;
    this.#counts.dials = 0;
    if (dials > 0) return dials;
    throw new Skipped(
      "messages are counted by connections: of servers in Python and Node, and " +
        "where each message has its own",
    );
  }

  /** How often the places service was asked since the last call. */
  async placesAsked(): Promise<number> {
    return await this.#brought.options.places.misbehave!("none");
  }

  /** Kills a server. */
  async kill(server: string): Promise<void> {
    this.commands.push(`kill -9 ${server}`);
    await this.#herd.kill(server);
  }

  /** Freezes a server. */
  async pause(server: string): Promise<void> {
    this.commands.push(`kill -STOP ${server}`);
    await this.#herd.pause(server);
  }

  /** Stops it all. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#herd.stop();
    await this.#brought[Symbol.asyncDispose]();
  }
}

/** Whether a reply tells of a position, however its numbers are printed. */
export function isAt(reply: string, position: string): boolean {
  const [, lat, lon] =
    /^AT \S+ \S+ \S+ ([+-][\d.]+)([+-][\d.]+) /.exec(reply) ??
      [];
  const [, wantedLat, wantedLon] = /^([+-][\d.]+)([+-][\d.]+)$/.exec(position)!;
  return Number(lat) === Number(wantedLat) && Number(lon) === Number(wantedLon);
}
