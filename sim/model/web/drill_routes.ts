/**
 * The routes of the HTTP API for drills, and for their runs.
 *
 * @module
 */
import * as z from "zod";
import { SEED_MAX } from "../random.ts";
import { WORLD_NAMES } from "../world_name.ts";
import { idParams, ms, type RouteSpec, serverParams } from "./route_spec.ts";

/** Maximum number of seeds in one run. */
const SEEDS_MAX = 10_000;

const step = z.object({
  line: z.number(),
  text: z.string(),
  state: z.enum([
    "waiting",
    "running",
    "passed",
    "failed",
    "unknown",
    "skipped",
  ]),
  note: z.string().exactOptional(),
  atMs: z.number().exactOptional().meta({
    description: "When it began, in milliseconds from the drill's start.",
  }),
  tookMs: z.number().exactOptional(),
});

const run = z.object({
  id: z.string(),
  name: z.string(),
  state: z.enum([
    "running",
    "passed",
    "failed",
    "unknown",
    "interrupted",
    "error",
  ]),
  seed: z.number(),
  startedMs: ms,
  tookMs: z.number().exactOptional(),
  steps: z.array(step),
  seeds: z.object({ done: z.number(), of: z.number() }).exactOptional().meta({
    description: "Of many seeds: how many were run; the first that failed is " +
      "the one that is told of.",
  }),
  verdict: z.string().exactOptional(),
  summary: z.string().exactOptional().meta({
    description: "What came out, as deno task scenario prints it.",
  }),
}).meta({ id: "Run", description: "A drill that runs, or has run." });

export const DRILL_ROUTES = {
  drills: {
    route: "GET /api/drills",
    does: "The drills that ship, and those of the working folder.",
    result: z.array(z.object({
      name: z.string(),
      path: z.string(),
      ships: z.boolean(),
      title: z.string(),
    })),
  },
  drill: {
    route: "GET /api/drills/{name}",
    does: "The text of a drill.",
    params: serverParams.extend({
      name: z.string().meta({ description: "A drill, by name." }),
    }),
    result: z.object({ name: z.string(), text: z.string() }),
  },
  runs: {
    route: "GET /api/runs",
    does: "The last drills that were run here, the newest first.",
    result: z.array(run),
  },
  run: {
    route: "GET /api/runs/{id}",
    does: "A drill that runs, or has run.",
    params: idParams,
    result: run,
  },
  runEvents: {
    route: "GET /api/runs/{id}/events",
    does: "The same, each time that it changes, as server-sent events.",
    params: idParams,
    type: "text/event-stream",
  },
  report: {
    route: "GET /api/runs/{id}/report.html",
    does: "The report of a drill that has run.",
    params: idParams,
    type: "text/html; charset=utf-8",
  },
  history: {
    route: "GET /api/runs/{id}/history.jsonl",
    does: "All that happened in a drill that has run, a line each.",
    params: idParams,
    type: "application/jsonl; charset=utf-8",
  },
  junit: {
    route: "GET /api/runs/{id}/junit.xml",
    does: "The result of a drill that has run, as CI reads it.",
    params: idParams,
    type: "application/xml; charset=utf-8",
  },
  checkDrill: {
    route: "POST /api/drills/check",
    does: "Tell what is wrong with a drill's text, and what it would do.",
    body: z.strictObject({ text: z.string() }),
    result: z.object({
      problems: z.array(z.object({
        line: z.number(),
        column: z.number(),
        message: z.string(),
        isWarning: z.boolean(),
      })),
      steps: z.array(z.string()),
    }),
  },
  startRun: {
    route: "POST /api/runs",
    does: "Run a drill, on a herd of its own: one by name, or a text.",
    body: z.strictObject({
      name: z.string().exactOptional(),
      text: z.string().exactOptional(),
      seed: z.number().int().min(0).max(SEED_MAX).exactOptional(),
      world: z.enum(WORLD_NAMES).exactOptional().meta({
        description: "Where servers run; by default what the drill says.",
      }),
      seeds: z.number().int().min(1).max(SEEDS_MAX).default(1).meta({
        description:
          "How many seeds are run, in virtual time; the first that " +
          "fails is the run.",
      }),
    }).refine(
      (it) => it.name !== undefined || it.text !== undefined,
      "name or text is needed",
    ).refine(
      (it) => it.seeds === 1 || it.world === "virtual",
      "many seeds are run in virtual time: world must be virtual",
    ),
    result: z.object({ id: z.string() }),
    status: 201,
  },
  endRun: {
    route: "DELETE /api/runs/{id}",
    does: "Interrupt a drill that runs.",
    params: idParams,
    result: run,
  },
} as const satisfies Record<string, RouteSpec>;
