/**
 * The HTTP API of a herd: each way in, what it takes and what it gives. Requests
 * are read by these codecs, and the OpenAPI document is made of them.
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

const name = z.string().meta({ description: "A server, by name." });
const ms = z.number().meta({ description: "Milliseconds since the epoch." });

const commandResult = z.looseObject({
  event: z.string().meta({
    description: "Which result it is: status, done, begun, healed, reply, …",
  }),
}).meta({
  id: "CommandResult",
  description: "What a command gave, as --json prints it.",
});

const herd = z.object({
  topology: z.string(),
  mode: z.string(),
  servers: z.array(z.object({
    name,
    hostname: z.string(),
    port: z.number(),
    neighbours: z.array(z.string()),
  })),
  links: z.array(z.object({ a: z.string(), b: z.string() })),
  startedMs: ms,
  nowMs: ms,
  version: z.string(),
}).meta({ id: "Herd", description: "A herd, as it was started." });

const readRoutes = {
  openapi: {
    method: "GET",
    path: "/api/openapi.json",
    does: "This document.",
    result: z.looseObject({ openapi: z.string() }),
  },
  herd: {
    method: "GET",
    path: "/api/herd",
    does: "The herd's servers and links.",
    result: herd,
  },
  status: {
    method: "GET",
    path: "/api/status",
    does: "Where each server stands.",
    result: commandResult,
  },
  events: {
    method: "GET",
    path: "/api/events",
    does: "What happens, ten times a second, as server-sent events; " +
      "Last-Event-ID goes on where an interrupted watcher was.",
    query: z.object({
      follow: z.array(z.string()).default([]).meta({
        description: "Clients whose updates are told link by link.",
      }),
    }),
    type: "text/event-stream",
  },
} as const satisfies Record<string, RouteSpec>;

const writeRoutes = {
  command: {
    method: "POST",
    path: "/api/commands",
    does: "Carry out a line of the prompt.",
    body: z.strictObject({
      line: z.string().meta({ examples: ["kill Powell"] }),
    }),
    result: commandResult.extend({
      text: z.string().meta({ description: "What the prompt prints." }),
    }),
  },
} as const satisfies Record<string, RouteSpec>;

/**
 * All ways in, by their names.
 * @internal
 */
export const ROUTES = { ...readRoutes, ...writeRoutes };

/** The name of a way in. */
export type RouteName = keyof typeof ROUTES;

/**
 * What a codec of a way in reads, if it has one of that name.
 * @internal
 */
export type Told<R, K extends string> = R extends { readonly [P in K]: infer S }
  ? S extends z.ZodType ? z.output<S> : undefined
  : undefined;

/** What a request of a way in tells, once it is read. */
export interface Asked<N extends RouteName> {
  /** What stands in its path. */
  readonly params: Told<typeof ROUTES[N], "params">;
  /** What stands behind the `?`. */
  readonly query: Told<typeof ROUTES[N], "query">;
  /** What it was sent. */
  readonly body: Told<typeof ROUTES[N], "body">;
}

/** What a way in gives as JSON. */
export type Given<N extends RouteName> = Told<typeof ROUTES[N], "result">;
