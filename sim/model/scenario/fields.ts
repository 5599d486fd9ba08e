/**
 * The kinds of fields that scenarios are made of.
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
} from "../duration.ts";
import type { ServerList } from "../topology/topology.ts";

/** Clients of one drill. */
export const CLIENTS_MAX = 1_000_000;

/**
 * A field that is read from its text; every YAML scalar is one.
 *
 * @param read The value, or `undefined` if the text says none.
 * @param expected What it is not, then: `duration`.
 * @param meta What editors are told; a `type` there widens `string`.
 * @internal
 */
export function scalar<T>(
  read: (text: string) => T | undefined,
  expected: string,
  meta: { description: string } & Record<string, unknown>,
): z.ZodType<T, string> {
  return z.string().transform((text, context) => {
    const value = read(text);
    if (value !== undefined) return value;
    const message = `"${text}" is no ${expected}`;
    context.issues.push({ code: "custom", message, input: text });
    return z.NEVER;
  }).meta(meta);
}

/**
 * A whole number within limits.
 * @internal
 */
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
    `whole number from ${minimum} to ${maximum}`,
    { type: "integer", minimum, maximum, description },
  );
}

/**
 * Yes or no, as YAML writes it.
 * @internal
 */
export function yesOrNo(description: string): z.ZodType<boolean, string> {
  return scalar(
    (text) => text === "true" ? true : text === "false" ? false : undefined,
    "true or false",
    { type: "boolean", description },
  );
}

/**
 * Milliseconds, from a duration with a unit.
 * @internal
 */
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
    `duration${most} (${DURATION_FORMS})`,
    { pattern: DURATION_PATTERN, description },
  );
}

/**
 * A word that editors may take for a number: text all the same.
 * @internal
 */
export function word(description: string): z.ZodType<string, string> {
  return scalar(
    (text) => /^\S+$/.test(text) ? text : undefined,
    "word without spaces",
    {
      type: ["string", "number"],
      description,
    },
  );
}

/**
 * One server, group or `all`, or a list of them.
 * @internal
 */
export function servers(
  description: string,
): z.ZodType<ServerList, string | string[]> {
  const one = z.string().min(1);
  return z.union([one, z.array(one).min(1)])
    .transform((value) => typeof value === "string" ? [value] : value)
    .meta({ description });
}

/**
 * One server.
 * @internal
 */
export function server(): z.ZodType<string, string> {
  return z.string().meta({
    description: "A server, by name.",
  });
}

/**
 * One client.
 * @internal
 */
export function client(): z.ZodType<string, string> {
  return word("A client's ID.");
}

/**
 * That it is no failure if nobody answers.
 * @internal
 */
export const may = z.literal("fail").exactOptional().meta({
  description: "fail: that no answer comes, or not in time, is no failure.",
});

/**
 * One position.
 * @internal
 */
export function position(): z.ZodType<string, string> {
  return scalar(
    (text) => parsePosition(text) && text,
    "position (+34.068930-118.445127)",
    { description: "Latitude and longitude in degrees, each with its sign." },
  );
}
