/**
 * The HTTP API of a herd: each way in, what it takes and what it gives. Requests
 * are read by these codecs, and the OpenAPI document is made of them.
 *
 * @module
 */
import type * as z from "zod";
import { DRILL_ROUTES } from "./drill_routes.ts";
import { READ_ROUTES } from "./read_routes.ts";
import { WRITE_ROUTES } from "./write_routes.ts";

export const ROUTES = { ...READ_ROUTES, ...WRITE_ROUTES, ...DRILL_ROUTES };

/** The name of a way in. */
export type RouteName = keyof typeof ROUTES;

/** What a codec of a way in reads, if it has one of that name. */
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

/** A drill that runs, or has run. */
export type RunDocument = Given<"run">;
