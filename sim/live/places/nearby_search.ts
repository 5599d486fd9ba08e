/**
 * Google's Nearby Search in the form of this project: a query in, a body out.
 *
 * Answers contain only what is known of a town: no ratings, no opening hours,
 * no photos. A town's extent is not known, so all viewports are squares of the
 * same size.
 *
 * @module
 */
import { googleJson } from "../../../herd/net/places/google_json.ts";
import type { JsonObject } from "../../../herd/net/places/json.ts";
import { whole } from "../../../herd/net/slices.ts";
import type { Town } from "./index.ts";

/**
 * Finds towns, like `TownIndex.around`. It may take time, because the index may
 * not be built yet.
 */
export type FindTowns = (
  latitude: number,
  longitude: number,
  radiusMetres: number,
  max: number,
) => Promise<Town[]>;

export const NEARBY_SEARCH_PATH = "/maps/api/place/nearbysearch/json";

const RADIUS_METRES_MAX = 50_000;
const RESULTS_MAX = 20;
/** Degrees from a town's centre to the edges of its viewport: about 1.5 km. */
const VIEWPORT_DEGREES = 0.0135;
const DECIMALS = 7;

const NO_KEY =
  "You must use an API key to authenticate each request to Google Maps " +
  "Platform APIs. For additional information, please refer to " +
  "http://g.co/dev/maps-no-account";
const WRONG_KEY = "The provided API key is invalid. ";
const OVER_LIMIT = "You have exceeded your daily request quota for this API.";

/**
 * The body of the answer to a query.
 *
 * @param key The only accepted key; `undefined` accepts any, and none.
 */
export async function answerNearbySearch(
  query: URLSearchParams,
  key: string | undefined,
  findTowns: FindTowns,
): Promise<string> {
  const given = query.get("key");
  if (key !== undefined) {
    if (!given) return emptyBody("REQUEST_DENIED", NO_KEY);
    if (given !== key) return emptyBody("REQUEST_DENIED", WRONG_KEY);
  }
  const point = readPoint(query.get("location"));
  if (!point) return invalidBody("location", query);
  const radius = readNumber(query.get("radius"));
  if (radius === undefined || radius < 0) return invalidBody("radius", query);
  const towns = await findTowns(
    ...point,
    Math.min(radius, RADIUS_METRES_MAX),
    RESULTS_MAX,
  );
  if (towns.length === 0) return emptyBody("ZERO_RESULTS");
  return print({
    html_attributions: [],
    results: towns.map(resultOf),
    status: "OK",
  });
}

/** The body for a key that was used too often. */
export function overQueryLimitBody(): string {
  return emptyBody("OVER_QUERY_LIMIT", OVER_LIMIT);
}

/** The body for a query with a missing or invalid parameter. */
function invalidBody(parameter: string, query: URLSearchParams): string {
  const fault = query.get(parameter) ? "Invalid" : "Missing the";
  const why = `Invalid request. ${fault} '${parameter}' parameter.`;
  return emptyBody("INVALID_REQUEST", why);
}

function emptyBody(status: string, why?: string): string {
  return print({
    ...why !== undefined && { error_message: why },
    html_attributions: [],
    results: [],
    status,
  });
}

function print(body: JsonObject): string {
  return `${whole(googleJson(body))}\n`;
}

function resultOf(town: Town): JsonObject {
  const { name, latitude, longitude } = town;
  return {
    geometry: {
      location: { lat: latitude, lng: longitude },
      viewport: {
        northeast: corner(latitude, longitude, VIEWPORT_DEGREES),
        southwest: corner(latitude, longitude, -VIEWPORT_DEGREES),
      },
    },
    name,
    place_id: town.id,
    types: ["locality", "political"],
    vicinity: [...town.divisions, town.country].join(", "),
  };
}

/** A corner of a viewport, also valid at the poles and the antimeridian. */
function corner(lat: number, lng: number, by: number): JsonObject {
  const wrapped = (lng + by + 540) % 360 - 180;
  return {
    lat: rounded(Math.min(Math.max(lat + by, -90), 90)),
    lng: rounded(wrapped),
  };
}

function rounded(degrees: number): number {
  return Number(degrees.toFixed(DECIMALS));
}

/**
 * Parses the latitude and longitude of a `location`; `undefined` if it is
 * invalid.
 */
function readPoint(text: string | null): [number, number] | undefined {
  const [latitude, longitude, ...rest] = (text ?? "").split(",").map(
    readNumber,
  );
  return latitude !== undefined && longitude !== undefined &&
      rest.length === 0 && Math.abs(latitude) <= 90 &&
      Math.abs(longitude) <= 180
    ? [latitude, longitude]
    : undefined;
}

function readNumber(text: string | null): number | undefined {
  return text !== null && /^-?\d+(\.\d+)?$/.test(text)
    ? Number(text)
    : undefined;
}
