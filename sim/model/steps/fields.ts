/**
 * The kinds of fields in steps: zod codecs that read what a file or a prompt
 * contains, and write it again.
 *
 * @module
 */
import * as z from "zod";
import { parsePosition } from "../../../herd/core/wire/position.ts";
import {
  DURATION_FORMS,
  DURATION_PATTERN,
  formatDuration,
  parseDurationMs,
  parseRatePerSecond,
  RATE_FORMS,
  RATE_PATTERN,
} from "../duration.ts";
import type { Mode } from "../faults/targets.ts";
import { COUNT_MAX } from "../numbers.ts";
import { BYTES_FORMS, parseBytes, parsePercent } from "../topology/size.ts";
import type { ServerList } from "../topology/topology.ts";

/** Maximum number of clients of one drill. */
export const CLIENTS_MAX = 1_000_000;

/**
 * A field that is read from its text; every YAML scalar is one.
 *
 * @param read The value, or `undefined` if the text says none.
 * @param write The value's text.
 * @param expected What it is not, then: `duration`.
 * @param meta What editors are told; a `type` there widens `string`.
 */
export function scalar<T>(
  read: (text: string) => T | undefined,
  write: (value: T) => string,
  expected: string,
  meta: { description: string } & Record<string, unknown>,
): z.ZodType<T, string> {
  return z.codec(z.string(), z.custom<T>(), {
    decode(text, context) {
      const value = read(text);
      if (value !== undefined) return value;
      const message = `"${text}" is no ${expected}`;
      context.issues.push({ code: "custom", message, input: text });
      return z.NEVER;
    },
    // Absent fields get here too, and stay absent.
    encode: (value) => value === undefined ? "" : write(value),
  }).meta(meta);
}

/** A field that is read from its text and kept as that, if it is right. */
export function text(
  isRight: (text: string) => boolean,
  expected: string,
  meta: { description: string } & Record<string, unknown>,
): z.ZodType<string, string> {
  const read = (text: string) => isRight(text) ? text : undefined;
  return scalar(read, (text) => text, expected, meta);
}

export function wholeNumber(
  description: string,
  minimum: number,
  maximum: number,
): z.ZodType<number, string> {
  return scalar(
    (text) => {
      const value = /^\d+$/.test(text) ? Number(text) : NaN;
      return value >= minimum && value <= maximum ? value : undefined;
    },
    String,
    `whole number from ${minimum} to ${maximum}`,
    { type: "integer", minimum, maximum, description },
  );
}

/** Yes or no, as YAML writes it. */
export function yesOrNo(description: string): z.ZodType<boolean, string> {
  return scalar(
    (text) => text === "true" ? true : text === "false" ? false : undefined,
    String,
    "true or false",
    { type: "boolean", description },
  );
}

/** Milliseconds, from a duration with a unit. */
export function duration(
  description: string,
  maxMs: number = Infinity,
): z.ZodType<number, string> {
  const most = maxMs === Infinity ? "" : ` of at most ${formatDuration(maxMs)}`;
  return scalar(
    (text) => {
      const ms = parseDurationMs(text);
      return ms !== undefined && ms <= maxMs ? ms : undefined;
    },
    (ms) => `${ms}ms`,
    `duration${most} (${DURATION_FORMS})`,
    { pattern: DURATION_PATTERN, description },
  );
}

/** Milliseconds, more than none. */
export function aboveZero(description: string): z.ZodType<number, string> {
  return duration(description).refine(...ABOVE_ZERO);
}

const ABOVE_ZERO = [(value: number) => value > 0, "must be above 0"] as const;

/** A share, from 0 to 100. */
export function percent(description: string): z.ZodType<number, string> {
  return scalar(
    parsePercent,
    (value) => `${Number(value.toFixed(6))}%`,
    "percentage from 0 to 100",
    { type: ["number", "string"], description },
  );
}

/** Whether a field is a percentage: others read no number from such a text. */
export function isPercentage(field: z.ZodType): boolean {
  return typeof field.safeParse("20%").data === "number";
}

/** A share, from 0 to 1, that is written as a percentage. */
export function share(description: string): z.ZodType<number, string> {
  return z.codec(percent(description), z.custom<number>(), {
    decode: (percent) => percent / 100,
    encode: (share) => share * 100,
  }).meta({ type: ["number", "string"], description });
}

export function size(description: string): z.ZodType<number, string> {
  return scalar(
    parseBytes,
    (bytes) => `${bytes}B`,
    `size (${BYTES_FORMS})`,
    { type: ["integer", "string"], description },
  );
}

export function sizeAboveZero(description: string): z.ZodType<number, string> {
  return size(description).refine(...ABOVE_ZERO);
}

/** Bytes a second, more than none. */
export function bandwidth(description: string): z.ZodType<number, string> {
  return scalar(
    (text) => text.endsWith("/s") ? parseBytes(text.slice(0, -2)) : undefined,
    (bytes) => `${bytes}B/s`,
    "bandwidth (512B/s, 10kB/s, 1MB/s, at most 1000000MB/s)",
    { description },
  ).refine(...ABOVE_ZERO);
}

export function choice<const T extends string>(
  words: readonly T[],
  description: string,
): z.ZodType<T, T> {
  return z.enum(words).meta({ description }) as z.ZodType<T, T>;
}

/** A word that editors may take for a number: text all the same. */
export function word(description: string): z.ZodType<string, string> {
  return text((text) => /^\S+$/.test(text), "word without spaces", {
    type: ["string", "number"],
    description,
  });
}

/** One server, group or `all`, or a list of them. */
export function servers(
  description: string,
): z.ZodType<ServerList, string | string[]> {
  const one = z.string().min(1);
  return z.codec(
    z.union([one, z.array(one).min(1)]),
    z.custom<ServerList>(),
    {
      decode: (value) => typeof value === "string" ? [value] : value,
      encode: (list) => [...list],
    },
  ).meta({ description });
}

/** Links, ways of links, or servers that stand for all their links. */
export const links = servers(
  "Links (A-B), ways of links (A>B), servers or groups.",
);

export const server = z.string().meta({ description: "A server, by name." });

export const client = word("A client's ID.");

export function rate(description: string): z.ZodType<number, string> {
  return scalar(
    parseRatePerSecond,
    (perSecond) => `${perSecond}/s`,
    `rate (${RATE_FORMS})`,
    { pattern: RATE_PATTERN, description },
  );
}

/** That the steps after one do not wait for its end. */
export const background = yesOrNo(
  "Whether the next steps do not wait for its end.",
).exactOptional();

/** That it is no failure if nobody answers. */
export const may = z.codec(z.literal("fail"), z.literal(true), {
  decode: () => true as const,
  encode: () => "fail" as const,
}).exactOptional().meta({
  description: "fail: that no answer comes, or not in time, is no failure.",
});

export const position = text(
  (text) => parsePosition(text) !== undefined,
  "position (+34.068930-118.445127)",
  { description: "Latitude and longitude in degrees, each with its sign." },
);

/** How many of the targets. */
export const MODE_FIELDS = {
  fixed: wholeNumber("So many of the targets.", 1, COUNT_MAX).exactOptional(),
  percent: percent("Such a share of the targets.").exactOptional(),
};

const mode = z.union([
  z.enum(["one", "all"]),
  z.strictObject(MODE_FIELDS).refine(
    ({ fixed, percent }) => (fixed === undefined) !== (percent === undefined),
    "mode takes fixed or percent",
  ) as unknown as z.ZodType<Exclude<Mode, string>, Record<string, string>>,
]).exactOptional().meta({
  description:
    "How many of the targets, chosen at random: one, all (the default), " +
    "{fixed: n} or {percent: n}.",
});

/** What every fault may have. */
export const COMMON_FIELDS = {
  mode,
  duration: aboveZero(
    "How long the fault lasts; until it is healed by default.",
  ).exactOptional(),
  id: word("What the fault is called, for heal.").exactOptional(),
};

/**
 * The fields that a kind of fault may be made of. They are handed to it, so that
 * who needs to know but what a fault does need not load what reads files.
 */
export const FIELDS = {
  choice,
  duration,
  aboveZero,
  percent,
  share,
  size,
  sizeAboveZero,
  bandwidth,
  wholeNumber,
};

export type Fields = typeof FIELDS;
