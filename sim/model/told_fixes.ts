/**
 * The fixes that servers acknowledged to clients. Servers under test may print
 * a fix differently: they recompute the difference, cut times, or name
 * themselves. So an answer is recognized by its client and its position,
 * compared as numbers.
 *
 * @module
 */

/** Number of most recent fixes kept of a client. */
const FIXES_MAX = 64;
/** Number of most recent clients kept. */
const CLIENTS_MAX = 100_000;
/** Seconds by which a time may be cut: Python 2 prints two decimals. */
export const CUT_S = 0.01;

const AT = /^AT \S+ \S+ (\S+) ([+-][\d.]+)([+-][\d.]+) (\S+)\s*$/;

interface Told {
  readonly line: string;
  readonly latitude: number;
  readonly longitude: number;
  readonly seconds: number;
}

/** What an AT line means. */
export type Meant =
  /** An acknowledged fix, as it was acknowledged; otherwise the line itself. */
  | { readonly line: string }
  /** It may be one of several fixes at the same position. */
  | { readonly isAmbiguous: true };

/** The acknowledged fixes of all clients of a herd. */
export class ToldFixes {
  readonly #byClient = new Map<string, Told[]>();

  /** How many clients were acknowledged any. */
  get clients(): number {
    return this.#byClient.size;
  }

  /** A server has acknowledged a fix with this AT line. */
  acknowledged(line: string): void {
    const told = toldBy(line);
    if (told === undefined) return;
    const { client, ...fix } = told;
    const known = this.#byClient.get(client) ?? [];
    this.#byClient.delete(client);
    this.#byClient.set(client, [...known, fix].slice(-FIXES_MAX));
    if (this.#byClient.size <= CLIENTS_MAX) return;
    const [oldest] = this.#byClient.keys();
    this.#byClient.delete(oldest!);
  }

  /** The meaning of an AT line; `undefined` if it is invalid. */
  meant(line: string): Meant | undefined {
    const told = toldBy(line);
    if (told === undefined) return undefined;
    const here = (this.#byClient.get(told.client) ?? []).filter((it) =>
      it.latitude === told.latitude && it.longitude === told.longitude
    );
    const lines = new Set(here.map((it) => it.line));
    if (lines.size === 0) return { line };
    if (lines.size === 1) return { line: here[0]!.line };
    const then = new Set(
      here.filter((it) => Math.abs(it.seconds - told.seconds) < CUT_S)
        .map((it) => it.line),
    );
    const [only] = then;
    return then.size === 1 ? { line: only! } : { isAmbiguous: true };
  }
}

function toldBy(line: string): Told & { readonly client: string } | undefined {
  const [, client, latitude, longitude, time] = AT.exec(line) ?? [];
  if (client === undefined) return undefined;
  return {
    client,
    line: line.trimEnd(),
    latitude: Number(latitude),
    longitude: Number(longitude),
    seconds: Number(time),
  };
}
