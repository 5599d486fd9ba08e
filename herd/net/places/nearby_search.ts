/**
 * One request to a places service, and its outcome in plain words.
 *
 * The errors that `fetch` throws quote the address, and the address contains
 * the key. So an error's own text is never passed on: it only serves to
 * recognize the kind of failure.
 *
 * @module
 */
import { type ByteString, joined } from "../../core/bytes/bytes.ts";
import {
  type BadPlaces,
  metresOf,
  parsePlaces,
  type Places,
} from "./places.ts";
import type { Position } from "../../core/wire/position.ts";
import type { Hidden } from "./hidden.ts";
import type { Clock, WebClient } from "../platform.ts";
import { inTurns } from "../tasks.ts";
import { nextTurn } from "../timing.ts";

export type Found =
  | { readonly ok: true; readonly places: Places }
  | {
    readonly ok: false;
    /** What failed: the predicate of a sentence about the places service. */
    readonly why: string;
    /** Whether the next try may succeed. */
    readonly passing: boolean;
  };

export interface SearchOptions {
  readonly clock: Clock;
  /** Aborts the request; its reason is a string and becomes the `why`. */
  readonly signal: AbortSignal;
  readonly client: WebClient;
  /** The key, which is removed from the service's answers. */
  readonly hidden: Hidden;
  readonly bodyBytesMax: number;
}

const UNUSABLE: Record<BadPlaces, string> = {
  "not-json": "answered something that is not JSON",
  "not-an-object": "answered JSON that is no object",
  "too-deep": "answered JSON that is nested too deep",
};

/** Kinds of network failures, by the text of the runtime's errors. */
const FAILURES: readonly [says: RegExp, why: string, passing: boolean][] = [
  [/connection refused/i, "refused the connection", true],
  [
    /reset|closed before|reading a body|broken pipe|unexpected eof/i,
    "dropped the connection",
    true,
  ],
  [/dns error/i, "has a name that is not known", false],
  [/certificate|tls/i, "could not be trusted", false],
  [/parsed|invalid http/i, "spoke no HTTP", false],
];

/**
 * The address of a Nearby Search around a position.
 *
 * @param base Scheme, host and port, `https://maps.googleapis.com`.
 * @param radiusKm Decimal text; sent in metres.
 */
export function nearbySearchUrl(
  base: string,
  position: Position,
  radiusKm: ByteString,
): string {
  // In a query a plus sign is a space.
  const latitude = position.latitude.replace("+", "");
  const longitude = position.longitude.replace("+", "");
  return `${base.replace(/\/$/, "")}/maps/api/place/nearbysearch/json` +
    `?location=${latitude},${longitude}&radius=${metresOf(radiusKm)}`;
}

/** Sends one request. Never rejects. */
export async function searchNearby(
  url: string,
  options: SearchOptions,
): Promise<Found> {
  const { signal, client } = options;
  try {
    const response = await client.get(url, signal);
    const body = await readBody(response, options.bodyBytesMax);
    if (body !== undefined) {
      // Joining several megabytes takes a slice of its own.
      await nextTurn(options.clock);
      const shown = await inTurns(options.clock, options.hidden.inBody(body));
      return await judge(options.clock, response, shown);
    }
    return response.ok
      ? failed(`answered more than ${options.bodyBytesMax} bytes`)
      : failed(`answered HTTP ${response.status}`, response.status >= 500);
  } catch (error) {
    if (signal.aborted) return failed(String(signal.reason));
    return failureOf(error);
  }
}

/**
 * Whether a body is from a places service, and not someone else's error page.
 */
async function judge(
  clock: Clock,
  response: Response,
  body: Uint8Array,
): Promise<Found> {
  const parsed = await inTurns(clock, parsePlaces(body));
  const isOver = response.status >= 500;
  if (!parsed.ok) {
    return response.ok
      ? failed(UNUSABLE[parsed.why])
      : failed(`answered HTTP ${response.status}`, isOver);
  }
  const { status, complaint, content } = parsed.places;
  const said = complaint === undefined ? "" : `: ${complaint}`;
  const isError = status === undefined && content.has("error");
  if (isOver || !response.ok && status === undefined) {
    return failed(`answered HTTP ${response.status}${said}`, isOver);
  }
  return isError ? failed(`answered an error${said}`) : parsed;
}

/** The body; `undefined` if it is too long. */
async function readBody(
  response: Response,
  bytesMax: number,
): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  // Leaving the loop early cancels the body.
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > bytesMax) return undefined;
  }
  return joined(chunks);
}

function failureOf(error: unknown): Found {
  const text = error instanceof Error ? `${error.message} ${error.cause}` : "";
  for (const [says, why, passing] of FAILURES) {
    if (says.test(text)) return failed(why, passing);
  }
  return failed("could not be reached");
}

export function failed(why: string, passing = false): Found {
  return { ok: false, why, passing };
}
