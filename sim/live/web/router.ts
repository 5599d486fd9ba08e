/**
 * Finds the route of a request, and reads its input by the route's codecs.
 *
 * @module
 */
import type * as z from "zod";
import {
  type Asked,
  type Given,
  type RouteName,
  ROUTES,
} from "../../model/web/routes.ts";
import type { RouteSpec } from "../../model/web/route_spec.ts";
import type { EventStream } from "./event_stream.ts";
import { RouteError } from "./route_error.ts";

/**
 * The result of a route: JSON, a function that writes an event stream, or text.
 */
export type Answer<N extends RouteName> = typeof ROUTES[N] extends
  { readonly type: "text/event-stream" } ? (stream: EventStream) => void
  : typeof ROUTES[N] extends { readonly type: string } ? string
  : Given<N>;

/** The handlers of all routes, by name. */
export type Handlers = {
  readonly [N in RouteName]: (
    asked: Asked<N>,
    signal: AbortSignal,
  ) => Answer<N> | Promise<Answer<N>>;
};

interface Way {
  readonly name: RouteName;
  readonly spec: RouteSpec;
  readonly method: string;
  /** Its path, with names in braces. */
  readonly path: string;
  readonly pattern: RegExp;
}

/** The route of a request. */
export interface Found extends Omit<Way, "method" | "pattern"> {
  /** The parameters in the path. */
  readonly params: Readonly<Record<string, string>>;
}

const WAYS: readonly Way[] = Object.entries(ROUTES).map(([name, spec]) => {
  const [method = "", path = ""] = spec.route.split(" ");
  const text = path.replaceAll(".", "\\.")
    .replace(/\{(\w+)\}/g, "(?<$1>[^/]+)");
  const pattern = RegExp(`^${text}$`);
  return { name: name as RouteName, spec, method, path, pattern };
});

/**
 * The route for a path.
 *
 * @throws {RouteError} If there is none, or not with that method.
 */
export function findRoute(method: string, path: string): Found {
  const ways = WAYS.filter(({ pattern }) => pattern.test(path));
  const way = ways.find((it) => it.method === method);
  if (way === undefined) {
    if (ways.length === 0) {
      const known = "see /api/openapi.json for what there is";
      throw new RouteError(404, `nothing is at ${path}: ${known}`);
    }
    const methods = ways.map((it) => it.method).join(" or ");
    throw new RouteError(405, `${path} takes ${methods}, not ${method}`);
  }
  const { groups = {} } = way.pattern.exec(path)!;
  const params = Object.entries(groups).map(([field, text]) =>
    [field, decoded(text)] as const
  );
  return { ...way, params: Object.fromEntries(params) };
}

/**
 * The input of a request.
 *
 * @param json The text of its body.
 * @throws {RouteError} If it does not fit the route's codecs.
 */
export function readAsked(
  { spec, params }: Found,
  query: URLSearchParams,
  json: string,
): Asked<RouteName> {
  const asked = {
    params: spec.params && read(spec.params, params, "the path"),
    query: spec.query && read(spec.query, told(query, spec.query), "?"),
    body: spec.body && read(spec.body, bodyOf(json), "the body"),
  };
  return asked as Asked<RouteName>;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new RouteError(400, `"${text}" is no text of an address`);
  }
}

function bodyOf(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    const why = (cause as Error).message;
    throw new RouteError(400, `the body is no JSON: ${why}`, { cause });
  }
}

/** A list is passed by repeating its name; any other field appears once. */
function told(query: URLSearchParams, codec: z.ZodObject): object {
  return Object.fromEntries(
    [...new Set(query.keys())].map((field) => {
      const all = query.getAll(field);
      const isList = codec.shape[field]?.safeParse([]).success;
      return [field, isList ? all : all.at(-1)];
    }),
  );
}

function read(codec: z.ZodType, value: unknown, what: string): unknown {
  const { success, data, error } = codec.safeParse(value);
  if (success) return data;
  const texts = error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.join(".")}: ${message}`
  );
  throw new RouteError(
    422,
    `${what} is not as it must be: ${texts.join("; ")}`,
  );
}
