/**
 * The description of a route of the HTTP API, and parts that several share.
 *
 * @module
 */
import * as z from "zod";

export interface RouteSpec {
  /** The HTTP method, and the path: parts in braces are in `params`. */
  readonly route: `${"GET" | "POST" | "DELETE"} /${string}`;
  /** What it does, in a line. */
  readonly does: string;
  /** Parameters in the path. */
  readonly params?: z.ZodObject;
  /** Query parameters; lists may be repeated. */
  readonly query?: z.ZodObject;
  /** The request body, as JSON. */
  readonly body?: z.ZodType;
  /** The response body, as JSON. */
  readonly result?: z.ZodType;
  /** The content type of a response that is not JSON. */
  readonly type?: string;
  /** The status of success, if not 200. */
  readonly status?: 201;
}

export const name = z.string().meta({ description: "A server, by name." });

export const ms = z.number().meta({
  description: "Milliseconds since the epoch.",
});

export const tookMs = z.number().meta({
  description: "Milliseconds that it took.",
});

export const commandResult = z.looseObject({
  event: z.string().meta({
    description: "Which result it is: status, done, begun, healed, reply, …",
  }),
}).meta({
  id: "CommandResult",
  description: "What a command gave, as --json prints it.",
});

/** That a path names a server. */
export const serverParams = z.object({ name });

/** That a path names a fault or a run. */
export const idParams = z.object({ id: z.string() });
