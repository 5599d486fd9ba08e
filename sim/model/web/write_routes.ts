/**
 * The routes of the HTTP API that do something to a herd, or ask its servers as
 * a client does.
 *
 * @module
 */
import * as z from "zod";
import {
  LATITUDE_MAX,
  LONGITUDE_MAX,
} from "../../../herd/core/wire/position.ts";
import { SERVER_FAULTS } from "../steps/server_faults.ts";
import {
  commandResult,
  idParams,
  name,
  type RouteSpec,
  serverParams,
  tookMs,
} from "./route_spec.ts";
import { ITEMS_MAX, RADIUS_KM_MAX } from "./whatsat_bounds.ts";

/** What can be done to a server: the steps for its process. */
const ACTS = SERVER_FAULTS.map(({ kind }) => kind);

const to = name.meta({ description: "The server that is spoken to." });

const client = z.string().regex(/^\S+$/).meta({
  description: "A client's ID.",
});

const begun = z.object({
  id: z.string().meta({ description: "By which it is taken back." }),
  targets: z.array(z.string()),
});

const degrees = (most: number) => z.number().min(-most).max(most);

export const WRITE_ROUTES = {
  command: {
    route: "POST /api/commands",
    does: "Carry out a line of the prompt.",
    body: z.strictObject({
      line: z.string().meta({ examples: ["kill Powell"] }),
    }),
    result: commandResult.extend({
      text: z.string().meta({ description: "What the prompt prints." }),
    }),
  },
  act: {
    route: "POST /api/servers/{name}/{act}",
    does: `Do something to a server: ${ACTS.join(", ")}.`,
    params: serverParams.extend({
      act: z.enum(ACTS),
    }),
    result: commandResult,
  },
  beginFault: {
    route: "POST /api/faults",
    does: "Bring a fault about; its fields are those of scenario files.",
    body: z.looseObject({
      kind: z.string().meta({ examples: ["latency"] }),
    }),
    result: begun,
    status: 201,
  },
  healFault: {
    route: "DELETE /api/faults/{id}",
    does: "Take a fault back, or all that stands on a link or server.",
    params: idParams,
    result: commandResult,
  },
  healAll: {
    route: "DELETE /api/faults",
    does: "Take all faults back.",
    result: commandResult,
  },
  partition: {
    route: "POST /api/partition",
    does: "Cut the links between groups of servers.",
    body: z.looseObject({
      groups: z.array(z.array(z.string())).meta({
        examples: [[["Alford"], ["Hamilton", "Parker"]]],
      }),
    }),
    result: begun,
    status: 201,
  },
  send: {
    route: "POST /api/send",
    does: "Send a line to a server as a client.",
    body: z.strictObject({ to, line: z.string() }),
    result: z.object({ reply: z.string(), tookMs }),
  },
  iamat: {
    route: "POST /api/iamat",
    does: "Tell a server where a client is.",
    body: z.strictObject({
      to,
      client,
      latitude: degrees(LATITUDE_MAX),
      longitude: degrees(LONGITUDE_MAX),
    }),
    result: z.object({
      line: z.string().meta({ description: "What was sent." }),
      reply: z.string(),
      at: z.string().nullable().meta({
        description: "The AT line; null: the server did not take it.",
      }),
      tookMs,
    }),
  },
  whatsat: {
    route: "POST /api/whatsat",
    does: "Ask a server where a client is, and what is around it.",
    body: z.strictObject({
      to,
      client,
      radius: z.number().min(0).max(RADIUS_KM_MAX).meta({
        description: "Kilometres.",
      }),
      items: z.number().int().min(0).max(ITEMS_MAX),
    }),
    result: z.object({
      reply: z.string(),
      at: z.string().nullable(),
      places: z.looseObject({}).nullable(),
      tookMs,
    }),
  },
  expect: {
    route: "POST /api/expect",
    does: "Wait until something holds; the fields are those of the step " +
      "expect, or the AT line that servers must hold.",
    body: z.looseObject({ line: z.string().exactOptional() }),
    result: z.object({
      passed: z.boolean(),
      message: z.string().exactOptional(),
      isUndecided: z.boolean().exactOptional().meta({
        description:
          "Nobody can tell: there was nothing to look at, or no answer came in time.",
      }),
    }),
  },
} as const satisfies Record<string, RouteSpec>;
