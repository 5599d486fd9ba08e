/**
 * The fault `latency`: chunks arrive later, in the same order.
 *
 * @module
 */
import { formatDuration } from "../duration.ts";
import {
  type Distribution,
  DISTRIBUTIONS,
  spread,
  standardNormal,
} from "../faults/distribution.ts";
import { chanceAt, later, linkFault, type Spot } from "./link_fault.ts";

export const latency = linkFault({
  kind: "latency",
  does: "Delays all traffic on links.",
  fields: ({ duration, share, choice }) => ({
    latency: duration("The delay, one way."),
    jitter: duration("How far delays vary; 0s by default.").default(0),
    correlation: share("How much a delay is like the one before, 0% to 100%.")
      .default(0),
    distribution: choice(
      DISTRIBUTIONS,
      "How the jitter is distributed; uniform by default.",
    ).default("uniform"),
  }),
  names: { latency: "latencyMs", jitter: "jitterMs" },
  prompt: {
    words: {
      latency: "<time>",
      jitter: "±<time>",
      distribution: DISTRIBUTIONS.join("|"),
    },
    does: "delay all traffic on a link, with jitter (±) if given",
    examples: ["latency Alford-Parker 100ms ±20ms"],
  },
  words: ({ latencyMs, jitterMs, correlation, distribution }) =>
    [
      `of ${formatDuration(latencyMs)}`,
      ...(jitterMs === 0
        ? []
        : [`±${formatDuration(jitterMs)} ${distribution}`]),
      ...(correlation === 0 ? [] : [`correlated by ${correlation * 100}%`]),
    ].join(" "),
  nemesis: {
    latencyMs: 100,
    jitterMs: 50,
    correlation: 0.25,
    distribution: "normal",
  },
  slows: true,
  begin(settings, { spot, touch }) {
    const delays = new Delays(settings, spot);
    return {
      schedule(parcels) {
        touch();
        const delayMs = delays.next();
        return parcels.map((parcel) => later(parcel, spot.id, delayMs));
      },
      endMs: () => delays.next(),
    };
  },
});

export interface DelaySettings {
  /** Milliseconds, one way. */
  readonly latencyMs: number;
  /** Its spread; see {@linkcode spread}. */
  readonly jitterMs: number;
  /** How similar a chunk's delay is to the previous one, 0 to 1. */
  readonly correlation: number;
  readonly distribution: Distribution;
}

/**
 * The delays of successive chunks in one direction.
 *
 * As in tc-netem, a chunk's delay is correlated with the previous one. There
 * the two are mixed evenly, which narrows their spread; here normal numbers are
 * mixed and then distributed, which keeps it (a Gaussian copula).
 */
export class Delays {
  readonly #settings: DelaySettings;
  readonly #spot: Spot;
  #chunk = 0;
  #before = 0;

  constructor(settings: DelaySettings, spot: Spot) {
    this.#settings = settings;
    this.#spot = spot;
  }

  next(): number {
    const { latencyMs, jitterMs, correlation, distribution } = this.#settings;
    const chunk = ++this.#chunk;
    if (jitterMs === 0) return latencyMs;
    const fresh = standardNormal(
      chanceAt(this.#spot, "radius", chunk),
      chanceAt(this.#spot, "angle", chunk),
    );
    const normal = chunk === 1
      ? fresh
      : correlation * this.#before + Math.sqrt(1 - correlation ** 2) * fresh;
    this.#before = normal;
    return Math.max(0, latencyMs + jitterMs * spread(distribution, normal));
  }
}
