/**
 * The fixes that servers acknowledged to clients. Servers print a fix as they
 * like: they make the difference anew, cut times, name themselves. So what one
 * tells of is known again by its client and its position, compared as numbers.
 *
 * @module
 */

/** Fixes that are kept of a client, the last ones. */
const FIXES_MAX = 64;
/** Clients that are kept, those heard of last. */
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

/** What a server tells of a client. */
export type Meant =
  /** A fix that was acknowledged, as it was then; else the line as it is. */
  | { readonly line: string }
  /** It may be either of several fixes at one position. */
  | { readonly isAmbiguous: true };

/** The fixes of all clients of a herd. */
export class ToldFixes {
  readonly #byClient = new Map<string, Told[]>();

  /** A server has acknowledged a fix by this AT line. */
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

  /** What an AT line tells of; `undefined` if it is none. */
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
