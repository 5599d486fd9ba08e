/**
 * How a places service answers requests, independent of the transport: which
 * search they ask for, and the ways of misbehaving.
 *
 * @module
 */
import type { Misbehaviour } from "../../model/faults/misbehaviour.ts";
import type { WebAnswer } from "../../worlds/host.ts";
import { NEARBY_SEARCH_PATH, overQueryLimitBody } from "./nearby_search.ts";
import { deepJson, largeBody, manyResults } from "./odd_bodies.ts";
import { SEARCH_NEARBY_PATH } from "./search_nearby.ts";

/** The content type of all searches. */
export const JSON_TYPE = "application/json; charset=UTF-8";

const text = (status: number, body: string) =>
  ({ status, type: "text/plain", body }) as const;

const json = (body: string) =>
  ({ status: 200, type: JSON_TYPE, body }) as const;

export const NOT_FOUND = text(404, "Not found\n");

/** Which search a request asks for; `undefined` if none. */
export function askedAt(
  url: URL,
  method: string | undefined,
): "old" | "new" | undefined {
  if (url.pathname === NEARBY_SEARCH_PATH) return "old";
  const isNew = url.pathname === SEARCH_NEARBY_PATH && method === "POST";
  return isNew ? "new" : undefined;
}

/** The answer in place of a search, in modes that have one. */
export function badAnswer(mode: Misbehaviour): WebAnswer | undefined {
  switch (mode) {
    case "stall":
    case "reset":
      return mode;
    case "http-500":
      return text(500, "Internal server error\n");
    case "http-503":
      return text(503, "Service unavailable\n");
    case "over-query-limit":
      return json(overQueryLimitBody());
    case "many-results":
      return json(manyResults());
    case "deep-json":
      return json(deepJson());
    case "too-large":
      return json(largeBody());
    case "broken-json":
    case "none":
      return undefined;
  }
}

/** The body as it is sent. */
export function cutBy(mode: Misbehaviour, body: string): string {
  return mode === "broken-json" ? body.slice(0, body.length / 2) : body;
}
