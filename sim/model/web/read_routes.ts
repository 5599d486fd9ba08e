/**
 * The routes of the HTTP API that read: what a herd is, and its status.
 *
 * @module
 */
import * as z from "zod";
import {
  commandResult,
  ms,
  name,
  type RouteSpec,
  serverParams,
} from "./route_spec.ts";

const herd = z.object({
  topology: z.string(),
  mode: z.string().optional(),
  servers: z.array(z.object({
    name,
    hostname: z.string(),
    port: z.number(),
    neighbours: z.array(z.string()),
  })),
  links: z.array(z.object({ a: z.string(), b: z.string() })),
  hidden: z.record(z.string(), z.string()).meta({
    description: "What the servers do not show, as `records`, and why.",
  }),
  harms: z.record(z.string(), z.enum(["cuts", "slows", "alters", "stops"]))
    .meta({
      description:
        "What kinds of faults do to the traffic of links, or that they stop servers.",
    }),
  startedMs: ms,
  nowMs: ms,
  version: z.string(),
}).meta({ id: "Herd", description: "A herd, as it was started." });

export const READ_ROUTES = {
  openapi: {
    route: "GET /api/openapi.json",
    does: "This document.",
    result: z.looseObject({ openapi: z.string() }),
  },
  herd: {
    route: "GET /api/herd",
    does: "The herd's servers and links.",
    result: herd,
  },
  status: {
    route: "GET /api/status",
    does: "Where each server stands.",
    result: commandResult,
  },
  faults: {
    route: "GET /api/faults",
    does: "The faults that stand.",
    result: commandResult,
  },
  counters: {
    route: "GET /api/servers/{name}/counters",
    does: "What a server has counted since it was started.",
    params: serverParams,
    result: commandResult,
  },
  records: {
    route: "GET /api/servers/{name}/records",
    does: "The fixes that a server holds, by client.",
    params: serverParams,
    query: z.object({
      search: z.string().default("").meta({
        description: "A part of the client's ID.",
      }),
      offset: z.coerce.number().int().min(0).default(0),
      limit: z.coerce.number().int().min(1).max(1_000).default(50),
    }),
    result: z.object({
      total: z.number(),
      records: z.array(z.object({ client: z.string(), line: z.string() })),
    }),
  },
  log: {
    route: "GET /api/servers/{name}/log",
    does: "The last lines of a server's log, as people read them.",
    params: serverParams,
    query: z.object({
      lines: z.coerce.number().int().min(1).max(10_000).default(100),
      text: z.string().default("").meta({
        description: "What a line must have in it.",
      }),
    }),
    result: z.object({ lines: z.array(z.string()) }),
  },
  kinds: {
    route: "GET /api/kinds",
    does: "The kinds of faults, with the fields that each takes.",
    result: z.array(z.object({
      name: z.string(),
      does: z.string(),
      on: z.enum(["links", "servers", "herd"]),
      usage: z.string().exactOptional(),
      schema: z.looseObject({}).meta({
        description: "The JSON Schema of its fields, as files have them.",
      }),
    })),
  },
  commands: {
    route: "GET /api/commands",
    does: "What the prompt takes.",
    result: z.array(
      z.object({ name: z.string(), usage: z.string(), does: z.string() }),
    ),
  },
  complete: {
    route: "GET /api/complete",
    does: "The ways to go on with a line of the prompt.",
    query: z.object({ text: z.string().default("") }),
    result: z.object({ completions: z.array(z.string()), word: z.string() }),
  },
  events: {
    route: "GET /api/events",
    does: "What happens, ten times a second, as server-sent events; " +
      "Last-Event-ID goes on where an interrupted watcher was.",
    query: z.object({
      follow: z.array(z.string()).default([]).meta({
        description: "Clients whose updates are told link by link.",
      }),
    }),
    type: "text/event-stream",
  },
  metrics: {
    route: "GET /metrics",
    does: "Metrics by server and link, as Prometheus reads them.",
    type: "text/plain; version=0.0.4; charset=utf-8",
  },
} as const satisfies Record<string, RouteSpec>;
