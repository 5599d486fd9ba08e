/**
 * Finds out whether a server held a fix within some time, by its own clock.
 *
 * A server's answer shows the moment of the answer, which may be long after the
 * deadline. So a late answer only proves what can't have changed since: a
 * server that lacks a fix has lacked it all its life. For the rest there is the
 * trace, if servers record one; otherwise the result is unknown.
 *
 * @module
 */
import {
  type ByteString,
  readable,
  utf8,
} from "../../../herd/core/bytes/bytes.ts";
import {
  fieldsOf,
  type FixSpan,
  isNewer,
} from "../../../herd/core/wire/fix.ts";
import { parseAtLine } from "../../../herd/core/wire/message.ts";
import type { RecordAnswer } from "../../../herd/net/account.ts";
import { type ServerState, stateText } from "../../model/lifecycle.ts";
import type { Child } from "../servers/child.ts";
import type { Supervisor } from "../servers/supervisor.ts";
import type { Holding } from "../../worlds/questions.ts";
import { unansweredText } from "./answers.ts";
import { storedBy, type Window } from "./recorded.ts";

/** What is known of a server and a fix. */
export type Evidence =
  /** It held the fix in time, since then at the latest. */
  | { readonly kind: "held"; readonly atMs: number }
  /**
   * It did not hold the fix in time; why: what it holds, or when it got the
   * fix.
   */
  | { readonly kind: "lacked"; readonly why: string }
  /**
   * On demand: asked in time, it found the fix only after the deadline, or not
   * at all because some servers did not answer.
   */
  | { readonly kind: "slow"; readonly why: string }
  | { readonly kind: "unknown"; readonly why: string };

/** A server in one of these states has a worker, and may hold fixes. */
const ALIVE: ReadonlySet<ServerState> = new Set<ServerState>([
  "starting",
  "up",
  "paused",
  "stopping",
]);

/** What happened to a server while it was watched. */
interface Lives {
  /** Whether it ran for some of the time. */
  hasRun: boolean;
  /** Whether it ended, and lost what it held. */
  hasEnded: boolean;
}

/** What a server held at the deadline, or why that is not known. */
type LastLook = { readonly record: RecordAnswer } | { readonly why: string };

/** Watches servers for one fix, or a newer one of its client. */
export class FixWatch {
  readonly #supervisor: Supervisor;
  readonly #at: ByteString;
  readonly #wanted: FixSpan;
  readonly #client: ByteString;
  readonly #window: Window;
  readonly #isOver: Promise<void>;

  /**
   * Watches no server yet.
   * @param at The fix, an AT line.
   * @param isOver Resolves when the window has ended, or a little later.
   */
  constructor(
    supervisor: Supervisor,
    at: ByteString,
    window: Window,
    isOver: Promise<void>,
  ) {
    this.#supervisor = supervisor;
    this.#at = at;
    this.#wanted = parseAtLine(at)!;
    this.#client = fieldsOf(this.#wanted).client;
    this.#window = window;
    this.#isOver = isOver;
  }

  /**
   * What is known of one server: resolves as soon as it holds the fix, or else
   * at the deadline.
   *
   * @param signal Ends all waits; the result is then of no use.
   */
  async of(server: string, signal: AbortSignal): Promise<Evidence> {
    const child = this.#supervisor.child(server);
    const firstLife = child.traces.length - (ALIVE.has(child.state) ? 1 : 0);
    const lives = this.#watchLives(server, signal);
    let told: Holding | undefined;
    const telling = this.#supervisor.whenHeld(server, this.#at, signal)
      .then((holding) => {
        told = holding;
      }, (error) => {
        if (!signal.aborted) throw error;
      });
    await Promise.race([telling, this.#isOver]);
    const { endMs } = this.#window;
    if (told !== undefined && told.atMs <= endMs) {
      return { kind: "held", atMs: told.atMs };
    }
    await this.#isOver;
    const isThere = child.state !== "paused" && child.listening;
    const last = await lookOnce(this.#supervisor, child, isThere, this.#client);
    // Its earlier answer has arrived before this last one.
    if (told !== undefined && told.atMs <= endMs) {
      return { kind: "held", atMs: told.atMs };
    }
    return this.#verdict(child, firstLife, lives, told, last);
  }

  /** Watches each change of the server's state from now on. */
  #watchLives(server: string, signal: AbortSignal): Lives {
    const lives = { hasRun: false, hasEnded: false };
    this.#supervisor.whenStatus(server, ({ state }) => {
      if (ALIVE.has(state)) lives.hasRun = true;
      else if (lives.hasRun) lives.hasEnded = true;
      return false;
    }, signal).catch(() => {});
    return lives;
  }

  #verdict(
    child: Child,
    firstLife: number,
    { hasRun, hasEnded }: Lives,
    told: Holding | undefined,
    last: LastLook,
  ): Evidence {
    const why = "why" in last
      ? last.why
      : holdingText(last.record, this.#client);
    if (!hasRun) return { kind: "lacked", why };
    const isLacking = "record" in last && !this.#isHeldBy(last.record.at);
    if (isLacking && !hasEnded) {
      const isPartial = last.record.unanswered > 0;
      return { kind: isPartial ? "slow" : "lacked", why };
    }
    const isOnDemand = child.start.mode === "ondemand";
    // What is found on demand is not recorded.
    if (child.start.trace && !isOnDemand) {
      return this.#recorded(child, firstLife, last, why);
    }
    if (isLacking || "why" in last) {
      const ended = hasEnded ? "it ended meanwhile, and now " : "";
      return { kind: "unknown", why: `${ended}${why}` };
    }
    return this.#late(told, hasEnded, isOnDemand);
  }

  /** It holds the fix, but said so only at the deadline. */
  #late(
    told: Holding | undefined,
    hasEnded: boolean,
    isOnDemand: boolean,
  ): Evidence {
    const { endMs } = this.#window;
    if (told === undefined || hasEnded) {
      const why = "it was too slow to tell since when it holds it";
      return { kind: "unknown", why };
    }
    const { askedMs, atMs, lackedMs = 0 } = told;
    if (isOnDemand && askedMs <= endMs) {
      return { kind: "slow", why: `it found it only ${this.#after(atMs)}` };
    }
    if (!isOnDemand && lackedMs > endMs) return this.#gotLater(atMs);
    const why = "it was too slow to tell since when it holds it: " +
      `it said so only ${this.#after(atMs)}`;
    return { kind: "unknown", why };
  }

  /** What its lives that had not ended before have recorded. */
  #recorded(
    child: Child,
    firstLife: number,
    last: LastLook,
    why: string,
  ): Evidence {
    const { dataDir } = child.start;
    // What a server has from its disk is not recorded: it has it since it began.
    const isFromDisk = dataDir !== undefined && "record" in last &&
      this.#isHeldBy(last.record.at);
    const atMs = this.#arrivalMs(child, firstLife) ??
      (isFromDisk ? child.listeningSinceMs : undefined);
    if (atMs === undefined) {
      const kind = dataDir === undefined ? "lacked" : "unknown";
      return { kind, why };
    }
    return atMs <= this.#window.endMs
      ? { kind: "held", atMs }
      : this.#gotLater(atMs);
  }

  #arrivalMs(child: Child, firstLife: number): number | undefined {
    const client = readable(this.#client);
    for (const { atMs, line } of storedBy(child, firstLife)) {
      if (line.includes(client) && this.#isHeldBy(utf8(line))) return atMs;
    }
    return undefined;
  }

  /** Whether a line is the fix, or a newer one of its client. */
  #isHeldBy(line: ByteString | undefined): boolean {
    const fix = line === undefined ? undefined : parseAtLine(line);
    return fix !== undefined && fieldsOf(fix).client === this.#client &&
      !isNewer(this.#wanted, fix);
  }

  #gotLater(atMs: number): Evidence {
    return { kind: "lacked", why: `it got it only ${this.#after(atMs)}` };
  }

  #after(atMs: number): string {
    return `after ${afterText(atMs, this.#window)}`;
  }
}

/**
 * What a server says of a client, or why it says nothing.
 *
 * @param isThere Whether it can be asked.
 */
export async function lookOnce(
  supervisor: Supervisor,
  { name, state }: Child,
  isThere: boolean,
  client: ByteString,
): Promise<LastLook> {
  if (!isThere) return { why: `it ${stateText(state)}` };
  try {
    return { record: await supervisor.ask(name, { ask: "record", client }) };
  } catch (error) {
    return { why: error instanceof Error ? error.message : String(error) };
  }
}

/** The time since the window's start, in words. */
export function afterText(atMs: number, { startMs }: Window): string {
  return `${Math.max(0, atMs - startMs).toFixed(1)} ms`;
}

/** What a server holds of a client, in words. */
export function holdingText(
  { at, unanswered }: RecordAnswer,
  client: ByteString,
): string {
  const partial = unanswered === 0 ? "" : `, ${unansweredText(unanswered)}`;
  if (at !== undefined) return `it holds ${readable(at)}${partial}`;
  return partial === ""
    ? `it has never heard of ${readable(client)}`
    : `it can't find ${readable(client)}${partial}`;
}
