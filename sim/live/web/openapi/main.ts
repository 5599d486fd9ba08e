/**
 * Prints the OpenAPI document of the HTTP API, generated from the codecs of its
 * requests. The document is committed, because the program that serves it does
 * not have the generator:
 *
 * ```text
 * cd sim/live/web/openapi && deno run -W=.. main.ts ../openapi.json
 * ```
 *
 * @module
 */
import { createDocument, type ZodOpenApiPathsObject } from "zod-openapi";
import type * as z from "zod";
import * as zod from "zod";
import project from "../../../../deno.json" with { type: "json" };
import { ROUTES } from "../../../model/web/routes.ts";
import type { RouteSpec } from "../../../model/web/route_spec.ts";

const JSON_TYPE = "application/json";

const wrong = zod.object({
  error: zod.object({ message: zod.string() }),
}).meta({ id: "Error", description: "Why a request was not carried out." });

function answer(description: string, type: string, schema?: z.ZodType) {
  return { description, content: { [type]: schema ? { schema } : {} } };
}

function operation(name: string, method: string, spec: RouteSpec) {
  const { does, params, query, body, result, type, status } = spec;
  return {
    operationId: name,
    summary: does,
    ...(params || query) && {
      requestParams: {
        ...params && { path: params },
        ...query && { query },
      },
    },
    ...body && {
      requestBody: {
        required: true,
        content: { [JSON_TYPE]: { schema: body } },
      },
    },
    ...method !== "GET" && { security: [{ token: [] }] },
    responses: {
      [status ?? 200]: answer("It went well.", type ?? JSON_TYPE, result),
      "4XX": answer("It was not carried out.", JSON_TYPE, wrong),
    },
  };
}

function paths(): ZodOpenApiPathsObject {
  const all: Record<string, Record<string, object>> = {};
  for (const [name, spec] of Object.entries<RouteSpec>(ROUTES)) {
    const [method = "", path = ""] = spec.route.split(" ");
    const its = all[path] ??= {};
    its[method.toLowerCase()] = operation(name, method, spec);
  }
  return all as ZodOpenApiPathsObject;
}

const document = createDocument({
  openapi: "3.1.1",
  info: {
    title: "A herd",
    version: project.version,
    description: "Watches and drives the herd that serves it. What changes " +
      "anything takes content-type: application/json and, as a bearer token, " +
      "the token of the address that the herd has printed.",
    license: { name: project.license, identifier: project.license },
  },
  servers: [{ url: "/" }],
  paths: paths(),
  components: {
    securitySchemes: { token: { type: "http", scheme: "bearer" } },
  },
});

const text = JSON.stringify(document, null, 2) + "\n";
const [file] = Deno.args;
if (file === undefined) console.log(text.trimEnd());
else await Deno.writeTextFile(file, text);
