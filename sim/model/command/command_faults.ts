/**
 * The commands of a herd's prompt about links, clocks and places.
 *
 * @module
 */
import { DISTRIBUTIONS } from "../faults/distribution.ts";
import {
  DURATION_FORMS,
  OFFSET_FORMS,
  parseDurationMs,
  parseOffsetMs,
} from "../duration.ts";
import { LINE_KINDS } from "../../../herd/core/wire/link_message.ts";
import { LINE_FAULTS, type LinkFault } from "../faults/faults.ts";
import { type Misbehaviour, MISBEHAVIOURS } from "../faults/misbehaviour.ts";
import { type Shape, SHAPES } from "../faults/partition.ts";
import { BYTES_FORMS, parseBytes, parsePercent } from "../topology/size.ts";

/** A command about links, clocks or places. */
export type FaultCommand =
  | {
    readonly kind: LinkFault["kind"];
    readonly fault: LinkFault;
    readonly targets: readonly string[];
  }
  | { readonly kind: "reset"; readonly targets: readonly string[] }
  | {
    readonly kind: "partition";
    readonly wish: Shape | readonly (readonly string[])[];
  }
  | {
    readonly kind: "clock_skew";
    readonly server: string;
    readonly offsetMs: number;
  }
  | { readonly kind: "places"; readonly behaviour: Misbehaviour }
  | { readonly kind: "heal"; readonly what: string }
  | { readonly kind: "faults" };

const LINES = "<link> [<percent>%] [AT|SYNC|HAVE|…]";

/** What there is to say of a command. */
export interface CommandHelp {
  /** How it is written. */
  readonly usage: string;
  /** What it does, in a line. */
  readonly does: string;
  /** What else there is to know, line by line. */
  readonly more?: readonly string[];
  /** Some that can be typed as they are. */
  readonly examples?: readonly string[];
}

/** How each is written, and what it does, in the words of Toxiproxy and Jepsen. */
export const FAULT_COMMANDS: Readonly<
  Record<FaultCommand["kind"], CommandHelp>
> = {
  cut: {
    usage: "cut <link>",
    does: "block all traffic on a link, both ways (A-B) or one way (A>B)",
    more: ["The first fault on a link reconnects it through a proxy."],
    examples: ["cut Alford-Parker", "cut Alford Parker", "cut Alford>Parker"],
  },
  partition: {
    usage: `partition <server>,… | … | rest  or  ${SHAPES.join("|")}`,
    does: "network partition: cut all links between groups of servers",
    more: ["Servers that are not named are one more group."],
    examples: ["partition Alford,Powell | rest", "partition halves"],
  },
  heal: {
    usage: "heal [fault|link|server]",
    does: "remove faults, including kills and pauses; by default all",
    examples: ["heal", "heal Powell", "heal Alford-Parker", "heal cut-1"],
  },
  faults: { usage: "faults", does: "list the active faults" },
  reset: {
    usage: "reset <link>",
    does: "reset the TCP connections of a link (RST); it reconnects",
  },
  latency: {
    usage: `latency <link> <time> [±<time>] [${DISTRIBUTIONS.join("|")}]`,
    does: "delay all traffic on a link, with jitter (±) if given",
    examples: ["latency Alford-Parker 100ms ±20ms"],
  },
  bandwidth: {
    usage: "bandwidth <link> <size>/s",
    does: "limit the bytes per second on a link",
    examples: ["bandwidth Alford-Parker 10kB/s"],
  },
  loss: {
    usage: `loss ${LINES}`,
    does: "drop lines on a link: all, or a percentage; of any kind, or one",
    examples: ["loss Alford-Parker 10%", "loss Alford>Parker AT"],
  },
  duplicate: { usage: `duplicate ${LINES}`, does: "deliver lines twice" },
  reorder: {
    usage: `reorder ${LINES}`,
    does: "swap a line with the one after it",
  },
  corrupt: { usage: `corrupt ${LINES}`, does: "flip one bit in a line" },
  slicer: {
    usage: "slicer <link> <size>",
    does: "split all data on a link into slices of this size",
  },
  limit_data: {
    usage: "limit_data <link> <size>",
    does: "close a connection after this many bytes",
  },
  slow_close: {
    usage: "slow_close <link> <time>",
    does: "delay the closing of connections",
  },
  timeout: {
    usage: "timeout <link> <time>",
    does: "stop all data, and close connections after this time (0s: never)",
  },
  clock_skew: {
    usage: "clock_skew <server> <offset>",
    does: "shift a server's clock forward or back",
    examples: ["clock_skew Alford 2s", "clock_skew Alford -1h"],
  },
  places: {
    usage: `places ${MISBEHAVIOURS.join("|")}`,
    does: "make the embedded places service fail like this; none: work again",
  },
};

const FORMS: Readonly<Record<string, string>> = {
  "<time>": DURATION_FORMS,
  "<offset>": OFFSET_FORMS,
  "<size>": BYTES_FORMS,
  "<percent>": "0 to 100",
};

/** What the numbers of a command may look like, in brackets; else nothing. */
export function numberForms(usage: string): string {
  const told = Object.entries(FORMS)
    .filter(([word]) => usage.includes(word))
    .map(([word, forms]) => `${word}: ${forms}`);
  return told.length === 0 ? "" : ` (${told.join("; ")})`;
}

/** Whether a word is the name of such a command. */
export function isFaultCommand(word: string): word is FaultCommand["kind"] {
  return Object.hasOwn(FAULT_COMMANDS, word);
}

/**
 * The command of a name and its words; `undefined` if they don't fit. Whether
 * there are such links and servers is not looked at.
 *
 * @example
 * ```ts
 * import { readFaultCommand } from "./command_faults.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(readFaultCommand("cut", ["Alford", "Parker"]), {
 *   kind: "cut",
 *   fault: { kind: "cut" },
 *   targets: ["Alford-Parker"],
 * });
 * ```
 */
export function readFaultCommand(
  name: FaultCommand["kind"],
  words: readonly string[],
): FaultCommand | undefined {
  const [first, ...rest] = words;
  if (name === "faults") {
    return first === undefined ? { kind: name } : undefined;
  }
  if (name === "heal") {
    return rest.length > 0 ? undefined : { kind: name, what: first ?? "all" };
  }
  if (first === undefined) return undefined;
  switch (name) {
    case "partition":
      return partition(words);
    case "cut": {
      if (rest.length > 1) return undefined;
      const targets = [words.join("-")];
      return { kind: name, fault: { kind: name }, targets };
    }
    case "places": {
      const behaviour = MISBEHAVIOURS.find((it) => it === first);
      return behaviour === undefined || rest.length > 0
        ? undefined
        : { kind: name, behaviour };
    }
    case "reset":
      return rest.length > 0 ? undefined : { kind: name, targets: [first] };
    case "clock_skew": {
      const offsetMs = signedMs(rest);
      return offsetMs === undefined
        ? undefined
        : { kind: name, server: first, offsetMs };
    }
    default: {
      const fault = readFault(name, rest);
      return fault && { kind: name, fault, targets: [first] };
    }
  }
}

function readFault(
  kind: Exclude<LinkFault["kind"], "cut">,
  words: readonly string[],
): LinkFault | undefined {
  const [first = "", ...rest] = words;
  if (kind === "latency") return latency(words);
  if (LINE_FAULTS.some((it) => it === kind)) {
    return lines(kind as typeof LINE_FAULTS[number], words);
  }
  if (rest.length > 0) return undefined;
  if (kind === "slow_close" || kind === "timeout") {
    const ms = parseDurationMs(first);
    if (ms === undefined) return undefined;
    if (kind === "timeout") return { kind, timeoutMs: ms };
    return ms === 0 ? undefined : { kind, delayMs: ms };
  }
  const isRate = kind === "bandwidth";
  if (isRate && !first.endsWith("/s")) return undefined;
  const bytes = parseBytes(isRate ? first.slice(0, -2) : first);
  if (bytes === undefined) return undefined;
  if (bytes === 0 && kind !== "limit_data") return undefined;
  return kind === "bandwidth"
    ? { kind, bytesPerSecond: bytes }
    : kind === "slicer"
    ? { kind, averageBytes: bytes, variationBytes: 0, delayMs: 0 }
    : kind === "limit_data"
    ? { kind, bytes }
    : undefined;
}

function latency(words: readonly string[]): LinkFault | undefined {
  const [time = "", ...rest] = words;
  const latencyMs = parseDurationMs(time);
  const spread = rest[0]?.startsWith("±") ? rest.shift()!.slice(1) : "0ms";
  const jitterMs = parseDurationMs(spread);
  const name = rest.shift() ?? "uniform";
  const distribution = DISTRIBUTIONS.find((it) => it === name);
  if (latencyMs === undefined || jitterMs === undefined) return undefined;
  if (distribution === undefined || rest.length > 0) return undefined;
  return { kind: "latency", latencyMs, jitterMs, correlation: 0, distribution };
}

function lines(
  kind: typeof LINE_FAULTS[number],
  words: readonly string[],
): LinkFault | undefined {
  const rest = [...words];
  const isShare = rest[0]?.endsWith("%");
  const percent = isShare ? parsePercent(rest.shift()!) : 100;
  const wanted = rest.shift();
  const only = LINE_KINDS.find((it) => it === wanted);
  if (percent === undefined || rest.length > 0 || only !== wanted) {
    return undefined;
  }
  return { kind, percent, ...only && { lines: only } };
}

function partition(words: readonly string[]): FaultCommand | undefined {
  const text = words.join(" ");
  const shape = SHAPES.find((it) => it === text);
  if (shape !== undefined) return { kind: "partition", wish: shape };
  const groups = text.split("|").map((group) => group.trim());
  // Who is in no group is one of the rest, whether that is said or not.
  if (groups.at(-1) === "rest") groups.pop();
  const wish = groups.map((group) => group.split(/[\s,]+/));
  const isWhole = wish.length > 0 && wish.flat().every((it) => it !== "");
  return isWhole ? { kind: "partition", wish } : undefined;
}

function signedMs(words: readonly string[]): number | undefined {
  const [text = "", ...rest] = words;
  return rest.length > 0 ? undefined : parseOffsetMs(text);
}
