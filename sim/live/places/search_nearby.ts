/**
 * Google's newer Nearby Search, `POST /v1/places:searchNearby`, for servers
 * that use it: a body in, a body out.
 *
 * @module
 */
import type { FindTowns } from "./nearby_search.ts";
import type { Town } from "./index.ts";

export const SEARCH_NEARBY_PATH = "/v1/places:searchNearby";

const RADIUS_METRES_MAX = 50_000;
const RESULTS_MAX = 20;

/**
 * The status and the JSON that answer a request.
 *
 * @param text The request's body.
 * @param fieldMask Its header `X-Goog-FieldMask`, or its parameter `fields`.
 */
export async function answerSearchNearby(
  text: string,
  fieldMask: string | null | undefined,
  findTowns: FindTowns,
) {
  if (!fieldMask) {
    return invalid("FieldMask is a required parameter for this request.");
  }
  const asked = readAsked(text);
  if (typeof asked === "string") return invalid(asked);
  const { latitude, longitude, radius, max } = asked;
  const towns = await findTowns(latitude, longitude, radius, max);
  const fields = fieldMask.split(",").map((field) => field.trim());
  const places = towns.map((town) => placeOf(town, fields));
  return { status: 200, body: print(places.length > 0 ? { places } : {}) };
}

function print(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function invalid(message: string) {
  const error = { code: 400, message, status: "INVALID_ARGUMENT" };
  return { status: 400, body: print({ error }) };
}

/** Parses a request; a string says what is wrong with it. */
function readAsked(text: string) {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return "Invalid JSON payload received.";
  }
  const circle = field(field(body, "locationRestriction"), "circle");
  const center = field(circle, "center");
  const [latitude, longitude] = ["latitude", "longitude"]
    .map((name) => Number(field(center, name) ?? 0));
  const radius = Number(field(circle, "radius"));
  const max = Number(field(body, "maxResultCount") ?? RESULTS_MAX);
  if (circle === undefined) return "location_restriction is required.";
  if (!(Math.abs(latitude!) <= 90 && Math.abs(longitude!) <= 180)) {
    return "Invalid center of location_restriction.";
  }
  if (!(radius > 0 && radius <= RADIUS_METRES_MAX)) {
    return "Invalid radius: must be between 0 and 50000 meters.";
  }
  if (!(Number.isInteger(max) && max >= 1 && max <= RESULTS_MAX)) {
    return "Invalid max_result_count: must be between 1 and 20.";
  }
  return { latitude: latitude!, longitude: longitude!, radius, max };
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

/** A town in an answer: those of the requested fields that it has. */
function placeOf(town: Town, fields: readonly string[]): unknown {
  const { name, latitude, longitude } = town;
  const all: Record<string, unknown> = {
    id: town.id,
    types: ["locality", "political"],
    formattedAddress: [name, ...town.divisions, town.country].join(", "),
    location: { latitude, longitude },
    displayName: { text: name, languageCode: "en" },
  };
  const isAsked = (name: string) =>
    fields.some((field) =>
      field === "*" || field.replace(/^places\./, "").split(".")[0] === name
    );
  return Object.fromEntries(
    Object.entries(all).filter(([name]) => isAsked(name)),
  );
}
