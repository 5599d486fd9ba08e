/**
 * Reads the places in a WHATSAT's reply, for the map and its list.
 *
 * @module
 */
import { distanceKm, type Position } from "./projection.ts";

/** A place that the places service found. */
export interface Place extends Position {
  /** Its name, or a substitute. */
  readonly name: string;
  /** Its address in words; may be empty. */
  readonly vicinity: string;
  /** Its distance from the client in kilometres. */
  readonly km: number;
}

/** The places of one answer. */
export type Found = Readonly<ReturnType<typeof placesOf>>;

/** Reads any answer of a places service, also one of an unexpected form. */
export function placesOf(body: unknown, from: Position) {
  const results = field(body, "results");
  const list = Array.isArray(results) ? results : [];
  const places: Place[] = [];
  for (const result of list) {
    const at = field(field(result, "geometry"), "location");
    const [latitude, longitude] = [field(at, "lat"), field(at, "lng")];
    if (typeof latitude !== "number" || typeof longitude !== "number") continue;
    places.push({
      latitude,
      longitude,
      name: text(field(result, "name")) || "a place without a name",
      vicinity: text(field(result, "vicinity")),
      km: distanceKm(from, { latitude, longitude }),
    });
  }
  places.sort((a, b) => a.km - b.km);
  return {
    /** Nearest first. */
    places,
    /** How many results have no position. */
    unplaced: list.length - places.length,
    /** Why there are no places, or not all; empty if nothing went wrong. */
    problem: problemOf(body, list.length),
  };
}

function problemOf(body: unknown, results: number): string {
  const status = text(field(body, "status"));
  if (status === "ZERO_RESULTS") return "No places within this radius.";
  if (status === "OK" || status === "" && results > 0) {
    return results === 0 ? "The service found places, but named none." : "";
  }
  const why = text(field(body, "error_message"));
  return [status || "The reply holds no places", why].filter(Boolean)
    .join(": ");
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null &&
      Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
