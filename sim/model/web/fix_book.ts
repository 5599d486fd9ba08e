/**
 * Who holds the newest fix of each client, as far as lines between servers tell
 * while a herd runs.
 *
 * @module
 */
import { utf8 } from "../../../herd/core/bytes/bytes.ts";
import { type FixSpan, isNewer } from "../../../herd/core/wire/fix.ts";
import { parseAtLine } from "../../../herd/core/wire/message.ts";
import { parsePosition } from "../../../herd/core/wire/position.ts";
import { clientOf, type DeliveryEvent } from "../line_events.ts";
import type { SeenFix } from "./batch.ts";

/** Clients that are remembered: those that were heard of last. */
const CLIENTS_MAX = 10_000;

interface Entry {
  readonly line: string;
  readonly fix: FixSpan;
  readonly holders: Set<string>;
  /** Whether it is known of all servers whether they hold it. */
  isWhole: boolean;
  firstMs: number;
  lastMs: number;
  isEverywhere: boolean;
}

/** The newest fix of each client, and who holds it. */
export class FixBook {
  readonly #entries = new Map<string, Entry>();
  readonly #staysPut: boolean;
  #changed = new Set<string>();
  #propagatedMs: number[] = [];

  /**
   * Nothing is known.
   * @param staysPut Whether fixes are not passed on, so that nobody is behind.
   */
  constructor(staysPut: boolean) {
    this.#staysPut = staysPut;
  }

  /** A server told that it holds these lines, when all were asked. */
  holds(server: string, lines: readonly string[]): void {
    for (const line of lines) this.#take(server, line, undefined, true);
  }

  /** A fix came to a server. */
  delivered({ server, from, line, isNew }: DeliveryEvent, atMs: number): void {
    if (isNew) this.#take(server, line, atMs, from === null);
  }

  /** A server has lost all that it held. */
  lost(server: string): void {
    for (const [client, { holders }] of this.#entries) {
      if (holders.delete(server)) this.#changed.add(client);
    }
  }

  #take(
    server: string,
    line: string,
    atMs: number | undefined,
    isWhole: boolean,
  ): void {
    const client = clientOf(line);
    const known = this.#entries.get(client);
    if (known?.line === line) {
      known.holders.add(server);
      if (atMs !== undefined) known.lastMs = Math.max(known.lastMs, atMs);
      if (isWhole && !known.isWhole) this.#beginLate(known, atMs);
      this.#changed.add(client);
      return;
    }
    const fix = parseAtLine(utf8(line));
    if (fix === undefined || known && !isNewer(fix, known.fix)) return;
    this.#entries.delete(client);
    this.#entries.set(client, {
      line,
      fix,
      holders: new Set([server]),
      isWhole: isWhole || known?.isWhole === true,
      firstMs: atMs ?? 0,
      lastMs: atMs ?? 0,
      isEverywhere: atMs === undefined || !isWhole,
    });
    this.#changed.add(client);
    if (this.#entries.size <= CLIENTS_MAX) return;
    const [oldest] = this.#entries.keys();
    this.#entries.delete(oldest!);
  }

  /**
   * Servers are heard one after the other: that one had a fix from a client may
   * be told after its neighbours had it from that server.
   */
  #beginLate(entry: Entry, atMs: number | undefined): void {
    entry.isWhole = true;
    if (atMs === undefined) return;
    entry.firstMs = Math.min(entry.firstMs, atMs);
    entry.isEverywhere = false;
  }

  /** What has changed since this was asked last; of many, those of late. */
  takeChanged(up: readonly string[], most: number): {
    readonly fixes: SeenFix[];
    readonly leftOut: number;
  } {
    const changed = [...this.#changed];
    this.#changed = new Set();
    for (const client of changed) this.#measure(client, up);
    const told = changed.slice(-most);
    return {
      fixes: told.flatMap((client) => this.#view(client, up)),
      leftOut: changed.length - told.length,
    };
  }

  /** The newest fixes of the clients that were heard of last. */
  newest(up: readonly string[], most: number): SeenFix[] {
    return [...this.#entries.keys()].slice(-most)
      .flatMap((client) => this.#view(client, up));
  }

  /**
   * How long fixes took from the first server to the last, in milliseconds, of
   * those that all servers got since this was asked last.
   */
  takePropagatedMs(): number[] {
    const taken = this.#propagatedMs;
    this.#propagatedMs = [];
    return taken;
  }

  #measure(client: string, up: readonly string[]): void {
    const entry = this.#entries.get(client);
    if (entry === undefined || entry.isEverywhere || this.#staysPut) return;
    if (!up.every((server) => entry.holders.has(server))) return;
    entry.isEverywhere = true;
    this.#propagatedMs.push(entry.lastMs - entry.firstMs);
  }

  #view(client: string, up: readonly string[]): SeenFix[] {
    const entry = this.#entries.get(client);
    if (entry === undefined) return [];
    const { line, holders, isWhole } = entry;
    const [, server = "", , , position = ""] = line.split(" ");
    const { latitude, longitude } = parsePosition(utf8(position))!;
    const isKnown = isWhole && !this.#staysPut;
    const behind = isKnown ? up.filter((name) => !holders.has(name)) : [];
    return [{
      client,
      latitude: Number(latitude),
      longitude: Number(longitude),
      server,
      line,
      behind,
    }];
  }
}
