/**
 * What servers and links look like, and what is said of them: by shape, by word
 * and by colour.
 *
 * @module
 */
import type { ServerState } from "../../model/lifecycle.ts";
import type { Snapshot } from "../snapshot.ts";
import type { FaultView, LinkView, ServerView } from "../../model/web/batch.ts";

/** How something stands, in colour. */
export type Tone = "good" | "quiet" | "warn" | "bad";

/** What a server looks like. */
export interface ServerLook {
  /** Its state; each has a shape of its own. */
  readonly state: ServerState;
  /** In words. */
  readonly word: string;
  /** In colour. */
  readonly tone: Tone;
}

const WORDS: Readonly<Record<ServerState, readonly [string, Tone]>> = {
  starting: ["starting", "quiet"],
  up: ["up", "good"],
  paused: ["paused", "warn"],
  stopping: ["stopping", "quiet"],
  stopped: ["down", "quiet"],
  crashed: ["crashed", "bad"],
  wedged: ["wedged", "bad"],
};

/** What a server looks like at a moment. */
export function serverLook(
  { name, state }: ServerView,
  { atMs, restartsAtMs }: Pick<Snapshot, "atMs" | "restartsAtMs">,
): ServerLook {
  const [word, tone] = WORDS[state];
  const restartMs = restartsAtMs.get(name);
  if (restartMs === undefined) return { state, word, tone };
  const leftMs = Math.max(0, restartMs - atMs);
  const seconds = leftMs < 9_950
    ? (leftMs / 1_000).toFixed(1)
    : (leftMs / 1_000).toFixed(0);
  return { state, word: `${word}, restarts in ${seconds} s`, tone };
}

/** What one way of a link can do. */
export type WayState = "open" | "cut";

/** What a link looks like. */
export interface LinkLook {
  /** Whether both ends have it up, as far as can be seen. */
  readonly isUp: boolean;
  /** Whether anything passes from `a` to `b`. */
  readonly ab: WayState;
  /** Whether anything passes from `b` to `a`. */
  readonly ba: WayState;
  /** Whether what passes is late: its line is a wave. */
  readonly isSlow: boolean;
  /** Whether not all passes as it was sent: its line is dotted. */
  readonly isLossy: boolean;
  /** In words: `up`, `cut both ways`, `slow (latency)`. */
  readonly word: string;
  /** In colour. */
  readonly tone: Tone;
  /** The faults on it. */
  readonly faults: readonly FaultView[];
}

const CUTTING = new Set(["cut", "partition", "half_open", "half-open"]);
const SLOWING = new Set(["latency", "bandwidth", "slicer", "slow_close"]);

/** Faults by the links that they are on, and by the servers. */
export class FaultsByTarget {
  readonly #byTarget = new Map<string, FaultView[]>();

  /** Of the faults that stand. */
  constructor(faults: readonly FaultView[]) {
    for (const fault of faults) {
      for (const target of fault.targets) {
        const known = this.#byTarget.get(target);
        if (known === undefined) this.#byTarget.set(target, [fault]);
        else known.push(fault);
      }
    }
  }

  /** Those on a server, or on a way such as `Alford>Parker`. */
  on(target: string): readonly FaultView[] {
    return this.#byTarget.get(target) ?? [];
  }

  /** Those on a link whichever way, each once. */
  onLink(a: string, b: string): readonly FaultView[] {
    if (this.#byTarget.size === 0) return NONE;
    const targets = [`${a}-${b}`, `${b}-${a}`, `${a}>${b}`, `${b}>${a}`];
    return [...new Set(targets.flatMap((target) => this.on(target)))];
  }
}

const NONE: readonly FaultView[] = [];

/** What a link looks like with the faults that are on it. */
export function linkLook(
  link: Pick<LinkView, "a" | "b" | "isUp">,
  byTarget: FaultsByTarget,
): LinkLook {
  const { a, b } = link;
  const isUp = link.isUp !== false;
  const faults = byTarget.onLink(a, b);
  const isCut = (from: string, to: string) =>
    faults.some(({ fault, targets }) =>
      CUTTING.has(fault) &&
      (targets.includes(`${from}>${to}`) || targets.includes(`${a}-${b}`) ||
        targets.includes(`${b}-${a}`))
    );
  const ab = isCut(a, b) ? "cut" : "open";
  const ba = isCut(b, a) ? "cut" : "open";
  const slow = faults.filter(({ fault }) => SLOWING.has(fault));
  const lossy = faults.filter(({ fault }) =>
    !SLOWING.has(fault) && !CUTTING.has(fault)
  );
  const words: string[] = [];
  if (ab === "cut" && ba === "cut") words.push("cut both ways");
  else if (ab === "cut") words.push(`cut from ${a} to ${b}`);
  else if (ba === "cut") words.push(`cut from ${b} to ${a}`);
  else if (!isUp) words.push("down");
  if (slow.length > 0) words.push(`slow (${namesOf(slow)})`);
  if (lossy.length > 0) words.push(`faulty (${namesOf(lossy)})`);
  const isCutSomehow = ab === "cut" || ba === "cut";
  return {
    isUp,
    ab,
    ba,
    isSlow: slow.length > 0,
    isLossy: lossy.length > 0,
    word: words.length > 0
      ? words.join(", ")
      : link.isUp === null
      ? "not seen"
      : "up",
    tone: isCutSomehow
      ? "bad"
      : slow.length + lossy.length > 0
      ? "warn"
      : link.isUp
      ? "good"
      : "quiet",
    faults,
  };
}

function namesOf(faults: readonly FaultView[]): string {
  return [...new Set(faults.map(({ fault }) => fault.replaceAll("_", " ")))]
    .join(", ");
}
