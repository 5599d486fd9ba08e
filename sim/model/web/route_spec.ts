/**
 * What there is to know of a way into the HTTP API, and what many of them have.
 *
 * @module
 */
import * as z from "zod";

/**
 * One way in.
 * @internal
 */
export interface RouteSpec {
  /** How it is asked for. */
  readonly method: "GET" | "POST" | "DELETE";
  /** Its path; what stands in braces is told by `params`. */
  readonly path: `/${string}`;
  /** What it does, in a line. */
  readonly does: string;
  /** What the path tells. */
  readonly params?: z.ZodObject;
  /** What may stand behind a `?`; lists may be told several times. */
  readonly query?: z.ZodObject;
  /** What it is sent as JSON. */
  readonly body?: z.ZodType;
  /** What it gives as JSON. */
  readonly result?: z.ZodType;
  /** What it gives instead, by its type in HTTP. */
  readonly type?: string;
  /** The status of what went well, where not 200. */
  readonly status?: 201;
}

/**
 * A server, by name.
 * @internal
 */
export const name = z.string().meta({ description: "A server, by name." });

/**
 * A time.
 * @internal
 */
export const ms = z.number().meta({
  description: "Milliseconds since the epoch.",
});

/**
 * How long something took.
 * @internal
 */
export const tookMs = z.number().meta({
  description: "Milliseconds that it took.",
});

/**
 * What a command gave.
 * @internal
 */
export const commandResult = z.looseObject({
  event: z.string().meta({
    description: "Which result it is: status, done, begun, healed, reply, …",
  }),
}).meta({
  id: "CommandResult",
  description: "What a command gave, as --json prints it.",
});

/**
 * That a path names a server.
 * @internal
 */
export const serverParams = z.object({ name });

/**
 * That a path names a fault or a run.
 * @internal
 */
export const idParams = z.object({ id: z.string() });
