/**
 * How servers and links look, and how they are described: shape, words and
 * colour.
 *
 * @module
 */
import type { ServerState } from "../../model/lifecycle.ts";
import type { Snapshot } from "../snapshot.ts";
import type { FaultView, LinkView, ServerView } from "../../model/web/batch.ts";

/** A colour by its meaning. */
export type Tone = "good" | "quiet" | "warn" | "bad";

/** How a server looks. */
export interface ServerLook {
  /** Each state has its own shape. */
  readonly state: ServerState;
  readonly word: string;
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

/** How a server looks at a moment. */
export function serverLook(
  { name, state }: ServerView,
  { atMs, restartsAtMs }: Pick<Snapshot, "atMs" | "restartsAtMs">,
): ServerLook {
  const [word, tone] = WORDS[state];
  const restartMs = restartsAtMs.get(name);
  if (restartMs === undefined) return { state, word, tone };
  const leftMs = Math.max(0, restartMs - atMs);
  const seconds = (leftMs / 1_000).toFixed(leftMs < 9_950 ? 1 : 0);
  return { state, word: `${word}, restarts in ${seconds} s`, tone };
}

/** How a link looks. */
export type LinkLook = Readonly<ReturnType<typeof linkLook>>;

/** Indexes faults by their targets. */
export class FaultsByTarget {
  readonly #byTarget: ReadonlyMap<string, { readonly fault: FaultView }[]>;

  constructor(faults: readonly FaultView[]) {
    const aimed = faults.flatMap((fault) =>
      fault.targets.map((target) => ({ fault, target }))
    );
    this.#byTarget = Map.groupBy(aimed, ({ target }) => target);
  }

  /** The faults on a server, or on a direction such as `Alford>Parker`. */
  on(target: string): readonly FaultView[] {
    return this.#byTarget.get(target)?.map(({ fault }) => fault) ?? NONE;
  }

  /** The faults on a link in either direction, each once. */
  onLink(a: string, b: string): readonly FaultView[] {
    if (this.#byTarget.size === 0) return NONE;
    const targets = [`${a}-${b}`, `${b}-${a}`, `${a}>${b}`, `${b}>${a}`];
    return [...new Set(targets.flatMap((target) => this.on(target)))];
  }
}

const NONE: readonly FaultView[] = [];

/** How a link looks with the faults on it. */
export function linkLook(
  link: Pick<LinkView, "a" | "b" | "isUp">,
  byTarget: FaultsByTarget,
) {
  const { a, b } = link;
  const isUp = link.isUp !== false;
  const faults = byTarget.onLink(a, b);
  const wayOf = (from: string, to: string): "open" | "cut" =>
    faults.some(({ harm, targets }) =>
        harm === "cuts" &&
        (targets.includes(`${from}>${to}`) || targets.includes(`${a}-${b}`) ||
          targets.includes(`${b}-${a}`))
      )
      ? "cut"
      : "open";
  const [ab, ba] = [wayOf(a, b), wayOf(b, a)];
  const slow = faults.filter(({ harm }) => harm === "slows");
  const lossy = faults.filter(({ harm = "alters" }) => harm === "alters");
  const words: string[] = [];
  if (ab === "cut" && ba === "cut") words.push("cut both ways");
  else if (ab === "cut") words.push(`cut from ${a} to ${b}`);
  else if (ba === "cut") words.push(`cut from ${b} to ${a}`);
  else if (!isUp) words.push("down");
  if (slow.length > 0) words.push(`slow (${namesOf(slow)})`);
  if (lossy.length > 0) words.push(`faulty (${namesOf(lossy)})`);
  const tone: Tone = ab === "cut" || ba === "cut"
    ? "bad"
    : slow.length + lossy.length > 0
    ? "warn"
    : link.isUp
    ? "good"
    : "quiet";
  return {
    /** Whether both ends report it up, as far as is known. */
    isUp,
    /** From `a` to `b`. */
    ab,
    /** From `b` to `a`. */
    ba,
    /** Whether lines are delayed: it is drawn as a wave. */
    isSlow: slow.length > 0,
    /** Whether lines are lost or altered: it is drawn dotted. */
    isLossy: lossy.length > 0,
    /** `up`, `cut both ways`, `slow (latency)`. */
    word: words.length > 0
      ? words.join(", ")
      : link.isUp === null
      ? "not seen"
      : "up",
    tone,
    faults,
  };
}

function namesOf(faults: readonly FaultView[]): string {
  return [...new Set(faults.map(({ fault }) => fault.replaceAll("_", " ")))]
    .join(", ");
}
