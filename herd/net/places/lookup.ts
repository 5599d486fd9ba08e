/**
 * Looks up what is around a position, for WHATSAT.
 *
 * A lookup is retried if the failure may pass, shares the request of an
 * identical one that is under way, and always ends with a body in Google's
 * format: a client's location is never withheld because the places are missing.
 * Answers are not cached, as Google's terms demand.
 *
 * @module
 */
import type { ByteString } from "../../core/bytes/bytes.ts";
import { failedPlacesText, placesText } from "./places.ts";
import { parsePosition } from "../../core/wire/position.ts";
import { webClientFor } from "./http_client.ts";
import { Hidden } from "./hidden.ts";
import {
  failed,
  type Found,
  nearbySearchUrl,
  searchNearby,
} from "./nearby_search.ts";
import { type Platform, randomPart, type WebClient } from "../platform.ts";
import { inTurns } from "../tasks.ts";
import { Deadline, delay } from "../timing.ts";
import { Turns, type Waiting } from "./turns.ts";

/** A places service in the form of Google's Nearby Search. */
export interface PlacesOptions {
  /** Scheme, host and port: `https://maps.googleapis.com`. */
  readonly base: string;
  /** The API key, if the service needs one. It is never shown. */
  readonly key?: string;
}

export interface PlacesQuery {
  /** The client's own digits: `+34.068930-118.445127`. */
  readonly position: ByteString;
  /** Kilometres, as decimal text. */
  readonly radiusKm: ByteString;
  /** Maximum number of results. */
  readonly items: number;
}

const DEFAULT_LOOKUP_SETTINGS = {
  /** Milliseconds for one request. */
  tryMsMax: 5_000,
  /** Milliseconds in total, including the wait for a free slot. */
  totalMsMax: 10_000,
  /** Requests after the first, if the failure may pass. */
  retriesMax: 2,
  /**
   * Milliseconds before the first retry, at most; doubled for each next one.
   */
  backoffMs: 200,
  /** Lookups under way at a time; others wait for their turn. */
  concurrentMax: 16,
  /** Lookups that may wait; more fail at once. */
  waitingMax: 4_096,
  bodyBytesMax: 4_194_304,
};

export type LookupSettings = Readonly<typeof DEFAULT_LOOKUP_SETTINGS>;

/** Sent as the key if the service needs none. */
const NO_KEY = "none";

/** What a lookup needs from the platform. */
type LookupPlatform = Pick<Platform, "clock" | "randomBytes" | "webClient">;

/** A lookup under way that identical ones share. */
interface InFlight {
  readonly found: Promise<Found>;
  readonly turn: Waiting;
}

export class PlacesLookup {
  /** Number of lookups by outcome; identical ones count each. */
  readonly outcomes = { ok: 0, failed: 0 };
  readonly #platform: LookupPlatform;
  readonly #options: PlacesOptions;
  readonly #settings: LookupSettings;
  readonly #hidden: Hidden;
  readonly #inFlight = new Map<string, InFlight>();
  readonly #deadlines = new Set<Deadline>();
  readonly #turns: Turns;
  #client: WebClient | undefined;
  #closed = false;

  /**
   * Connections are opened when they are needed, and kept.
   *
   * @throws {TypeError} If the base is not an HTTP address.
   */
  constructor(
    platform: LookupPlatform,
    options: PlacesOptions,
    settings: Partial<LookupSettings> = {},
  ) {
    if (!/^https?:\/\/[^/?#]+\/?$/.test(options.base)) {
      throw new TypeError(
        `Cannot look places up at "${options.base}": ` +
          "not of the form http://host:port",
      );
    }
    this.#platform = platform;
    this.#options = options;
    this.#settings = { ...DEFAULT_LOOKUP_SETTINGS, ...settings };
    this.#hidden = new Hidden(options.key);
    this.#turns = new Turns(this.#settings.concurrentMax);
  }

  /**
   * The body that follows the AT line, without a trailing newline. Never
   * rejects: failures are described in the body.
   *
   * @param owner The connection that asks. Waiting lookups are served by owner
   * in turn.
   */
  async find(query: PlacesQuery, owner: unknown): Promise<ByteString> {
    const found = await this.#found(query, owner);
    this.outcomes[found.ok ? "ok" : "failed"]++;
    return found.ok
      ? await inTurns(
        this.#platform.clock,
        placesText(found.places, query.items),
      )
      : failedText(found.why);
  }

  /** Aborts lookups under way, and closes the connections. */
  close(): void {
    this.#closed = true;
    for (const deadline of this.#deadlines) deadline.abort("was closed");
    this.#client?.close();
    this.#client = undefined;
  }

  #found(query: PlacesQuery, owner: unknown): Promise<Found> | Found {
    if (this.#closed) return failed("was closed");
    const position = parsePosition(query.position);
    if (!position) return failed("cannot be asked about such a position");
    const url = nearbySearchUrl(this.#options.base, position, query.radiusKm);
    const shared = this.#inFlight.get(url);
    if (shared) {
      this.#turns.share(shared.turn, owner);
      return shared.found;
    }
    if (this.#turns.waiting >= this.#settings.waitingMax) {
      return failed("has too many lookups waiting");
    }
    const { key = NO_KEY } = this.#options;
    const address = `${url}&key=${encodeURIComponent(key)}`;
    const turn = this.#turns.enter(owner);
    const found = this.#lookUp(address, turn).finally(() =>
      this.#inFlight.delete(url)
    );
    this.#inFlight.set(url, { found, turn });
    return found;
  }

  /** One lookup, from waiting for its turn to the last try. */
  async #lookUp(address: string, turn: Waiting): Promise<Found> {
    const { totalMsMax } = this.#settings;
    using deadline = new Deadline(
      this.#platform.clock,
      totalMsMax,
      () => `gave nothing within ${totalMsMax} ms`,
    );
    const { signal } = deadline;
    this.#deadlines.add(deadline);
    const giveUp = () => this.#turns.giveUp(turn);
    signal.addEventListener("abort", giveUp, { once: true });
    try {
      if (!await turn.entered.promise) return failed(String(signal.reason));
      try {
        return await this.#tryAndRetry(address, signal);
      } finally {
        this.#turns.leave();
      }
    } finally {
      this.#deadlines.delete(deadline);
    }
  }

  async #tryAndRetry(address: string, signal: AbortSignal): Promise<Found> {
    const { retriesMax, backoffMs } = this.#settings;
    for (let retry = 0;; retry++) {
      const found = await this.#try(address, signal);
      if (retry === retriesMax || !mayPass(found)) return found;
      // Between half and all of it, so that failed lookups do not all return at
      // once.
      const part = 1 - randomPart(this.#platform) / 2;
      try {
        await delay(
          this.#platform.clock,
          backoffMs * 2 ** retry * part,
          signal,
        );
      } catch (reason) {
        return found.ok
          ? found
          : failed(`${reason}; before that, it ${found.why}`);
      }
    }
  }

  async #try(address: string, whole: AbortSignal): Promise<Found> {
    if (whole.aborted) return failed(String(whole.reason));
    const { tryMsMax, bodyBytesMax } = this.#settings;
    const { webClient = webClientFor } = this.#platform;
    using late = new Deadline(
      this.#platform.clock,
      tryMsMax,
      () => `did not answer within ${tryMsMax} ms`,
    );
    return await searchNearby(address, {
      clock: this.#platform.clock,
      signal: AbortSignal.any([whole, late.signal]),
      client: this.#client ??= webClient(
        this.#options.base,
        this.#settings.concurrentMax,
      ),
      hidden: this.#hidden,
      bodyBytesMax,
    });
  }
}

function failedText(why: string): ByteString {
  return failedPlacesText(`The places service ${why}.`);
}

/** Whether another try may succeed. */
function mayPass(found: Found): boolean {
  return found.ok ? found.places.status === "UNKNOWN_ERROR" : found.passing;
}
