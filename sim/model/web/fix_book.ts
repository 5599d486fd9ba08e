/**
 * Which servers hold the newest fix of each client, according to the lines
 * between servers while a herd runs.
 *
 * @module
 */
import { utf8 } from "../../../herd/core/bytes/bytes.ts";
import { type FixSpan, isNewer } from "../../../herd/core/wire/fix.ts";
import { parseAtLine } from "../../../herd/core/wire/message.ts";
import { parsePosition } from "../../../herd/core/wire/position.ts";
import { clientOf, type DeliveryEvent } from "../line_events.ts";
import type { SeenFix } from "./batch.ts";

/** Number of clients that are remembered, those heard of last. */
const CLIENTS_MAX = 10_000;
/**
 * A fix that is not everywhere after this time may never be: measure the next
 * one.
 */
const MEASURED_MS_MAX = 10_000;

interface Entry {
  readonly line: string;
  readonly fix: FixSpan;
  readonly holders: Set<string>;
  /** Whether it is known of all servers whether they hold it. */
  isWhole: boolean;
}

/** A fix whose time to all servers is being measured. */
interface Measured {
  readonly line: string;
  readonly holders: Set<string>;
  /** Whether its client's server, the first to have it, has reported it. */
  isBegun: boolean;
  firstMs: number;
  lastMs: number;
}

/** The newest fix of each client, and which servers hold it. */
export class FixBook {
  readonly #entries = new Map<string, Entry>();
  /**
   * One fix of each client until it is everywhere, even if a newer one has
   * come, so that clients that move often are measured too.
   */
  readonly #measured = new Map<string, Measured>();
  readonly #staysPut: boolean;
  #changed = new Set<string>();
  #propagatedMs: number[] = [];

  /**
   * @param staysPut Whether fixes are not forwarded, so that no server is
   * behind.
   */
  constructor(staysPut: boolean) {
    this.#staysPut = staysPut;
  }

  /** A server has listed the lines that it holds. */
  holds(server: string, lines: readonly string[]): void {
    for (const line of lines) this.#take(server, line, true);
  }

  /** A fix has arrived at a server. */
  delivered({ server, from, line, isNew }: DeliveryEvent, atMs: number): void {
    if (!isNew) return;
    this.#take(server, line, from === null);
    if (!this.#staysPut) this.#measure(server, line, atMs, from === null);
  }

  #measure(server: string, line: string, atMs: number, isFirst: boolean): void {
    const client = clientOf(line);
    const known = this.#measured.get(client);
    if (known?.line === line) {
      known.holders.add(server);
      known.isBegun ||= isFirst;
      known.firstMs = Math.min(known.firstMs, atMs);
      known.lastMs = Math.max(known.lastMs, atMs);
      return;
    }
    if (known && atMs - known.lastMs < MEASURED_MS_MAX) return;
    // A newer fix than the one before, or the client's first.
    if (this.#entries.get(client)?.line !== line) return;
    this.#measured.set(client, {
      line,
      holders: new Set([server]),
      isBegun: isFirst,
      firstMs: atMs,
      lastMs: atMs,
    });
  }

  /** A server has lost everything that it held. */
  lost(server: string): void {
    for (const [client, { holders }] of this.#entries) {
      if (holders.delete(server)) this.#changed.add(client);
    }
    // When it comes back, it gets them by a sync, which is not propagation.
    this.#measured.clear();
  }

  #take(server: string, line: string, isWhole: boolean): void {
    const client = clientOf(line);
    const known = this.#entries.get(client);
    if (known?.line === line) {
      known.holders.add(server);
      known.isWhole ||= isWhole;
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
    });
    this.#changed.add(client);
    if (this.#entries.size <= CLIENTS_MAX) return;
    const [oldest] = this.#entries.keys();
    this.#entries.delete(oldest!);
    this.#measured.delete(oldest!);
  }

  /** Changes since the last call, at most the latest `most` of them. */
  takeChanged(up: readonly string[], most: number): {
    readonly fixes: SeenFix[];
    readonly leftOut: number;
  } {
    const changed = [...this.#changed];
    this.#changed = new Set();
    this.#settle(up);
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
   * Milliseconds from the first server to the last, for fixes that reached all
   * servers since the last call.
   */
  takePropagatedMs(): number[] {
    const taken = this.#propagatedMs;
    this.#propagatedMs = [];
    return taken;
  }

  /** Records the times of fixes that are everywhere now. */
  #settle(up: readonly string[]): void {
    for (const [client, { holders, isBegun, ...its }] of this.#measured) {
      if (!up.every((server) => holders.has(server))) continue;
      if (isBegun) this.#propagatedMs.push(its.lastMs - its.firstMs);
      this.#measured.delete(client);
    }
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
