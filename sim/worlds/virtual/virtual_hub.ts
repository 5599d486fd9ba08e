/**
 * A hub of a virtual world: a stream that keeps the last message of each
 * subject, on one server or on several that elect a leader.
 *
 * @module
 */
import type { HubOptions, OpenHub } from "../../../herd/net/hub/hub.ts";
import { natsHub } from "../../../herd/net/hub/nats.ts";
import type { StreamConfig } from "../../../herd/net/hub/nats_library.ts";
import type { Random } from "../../model/random.ts";
import type { RunningHub } from "../hub.ts";
import { delayMs } from "./delays.ts";
import type { VirtualMachine } from "./virtual_machine.ts";
import type { Kept } from "./virtual_messages.ts";
import {
  type ConnectedHub,
  virtualLibrary,
  type VirtualNats,
} from "./virtual_nats.ts";
import type { VirtualTime } from "./virtual_time.ts";

/** Milliseconds until a cluster without a leader has elected another. */
const ELECTION_MS_MIN = 1_000;
const ELECTION_MS_MAX = 6_000;
/**
 * Milliseconds within which a new leader accepts publications; until then they
 * are refused at once, though requests are answered.
 */
const ACCEPTING_MS_MAX = 4_000;
/** Milliseconds within which a repeated message is recognized by its ID. */
const WINDOW_MS = 120_000;
const REVIVE_MS_MAX = 400;

/** A hub's counters since its world began. */
export interface HubTraffic {
  /** Messages that were published, repetitions included. */
  published: number;
  /** Messages with a known ID. */
  repeated: number;
  /** Messages that were sent to gateways. */
  delivered: number;
  /** Connections that were opened. */
  sessions: number;
}

/** A simulated hub. */
export class VirtualHub implements RunningHub, ConnectedHub {
  readonly servers: readonly number[];
  readonly time: VirtualTime;
  readonly traffic: HubTraffic = {
    published: 0,
    repeated: 0,
    delivered: 0,
    sessions: 0,
  };
  readonly #random: Random;
  readonly #up: Set<number>;
  /** Servers that have the stream. */
  readonly #keepers: Set<number>;
  readonly #connections = new Set<VirtualNats>();
  readonly #cut = new Set<string>();
  #leader = 1;
  #term = 0;
  /** The time from which there is a leader. */
  #ledMs = 0;
  /** The time from which it accepts publications. */
  #acceptingMs = 0;
  #kept = new Map<string, Kept>();
  #ids = new Map<
    string,
    { readonly sequence: number; readonly atMs: number }
  >();
  #sequence = 0;
  #stream: StreamConfig | undefined;

  /** All its servers run, and it holds nothing. */
  constructor(time: VirtualTime, random: Random, servers: number) {
    this.time = time;
    this.#random = random;
    this.servers = Array.from({ length: servers }, (_, at) => at + 1);
    this.#up = new Set(this.servers);
    this.#keepers = new Set(this.servers);
  }

  up(): number[] {
    return this.servers.filter((it) => this.#up.has(it));
  }

  leader(): Promise<number | undefined> {
    return Promise.resolve(this.isLed ? this.#leader : undefined);
  }

  address(): Pick<HubOptions, "servers" | "client"> {
    return {
      servers: this.servers.map((it) => `nats://hub-${it}`),
      client: "",
    };
  }

  isUp(server: number): boolean {
    return this.#up.has(server);
  }

  someServer(): number {
    return this.#random.pick(this.up());
  }

  /** Milliseconds from or to the hub. */
  delayMs(): number {
    return delayMs(this.#random);
  }

  /** Whether it answers requests about its stream. */
  get isLed(): boolean {
    return this.#hasMajority && this.time.nowMs >= this.#ledMs;
  }

  get #hasMajority(): boolean {
    return this.#up.size * 2 > this.servers.length;
  }

  get term(): number {
    return this.#term;
  }

  /** The number of subjects with a message. */
  get subjects(): number {
    return this.#kept.size;
  }

  /** The sequence of the last message in its stream. */
  get sequence(): number {
    return this.#sequence;
  }

  /** The last message of each subject, in the order of the stream. */
  last(): Kept[] {
    return [...this.#kept.values()];
  }

  kill(servers: readonly number[]): Promise<void> {
    for (const server of servers) this.#up.delete(server);
    for (const connection of [...this.#connections]) {
      for (const server of servers) connection.ended(server);
    }
    if (!this.#up.has(this.#leader)) {
      this.#term++;
      this.#elect();
    }
    return Promise.resolve();
  }

  #elect(): void {
    const [next] = this.up();
    if (next === undefined) return;
    const spread = ELECTION_MS_MAX - ELECTION_MS_MIN;
    const ms = ELECTION_MS_MIN + this.#random.fraction() * spread;
    this.#ledMs = this.time.nowMs + ms;
    this.#acceptingMs = this.#ledMs +
      this.#random.fraction() * ACCEPTING_MS_MAX;
    this.#leader = next;
  }

  async revive(servers: readonly number[]): Promise<void> {
    const ms = this.#random.fraction() * REVIVE_MS_MAX;
    await new Promise<void>((resolve) => this.time.after(ms, resolve));
    const hadMajority = this.#hasMajority;
    for (const server of servers) this.#up.add(server);
    if (this.#keepers.size === 0) this.#beginAnew();
    // Servers without the stream get it from those that have it.
    for (const server of this.#up) this.#keepers.add(server);
    // A leader without a majority has stepped down.
    if (!hadMajority || !this.#up.has(this.#leader)) this.#elect();
  }

  #beginAnew(): void {
    this.#kept = new Map();
    this.#ids = new Map();
    this.#sequence = 0;
    this.#stream = undefined;
  }

  streamAs(wanted?: StreamConfig): StreamConfig | undefined {
    return this.#stream ??= wanted;
  }

  wipe(servers: readonly number[]): Promise<void> {
    for (const server of servers) this.#keepers.delete(server);
    return Promise.resolve();
  }

  cut(gateways: readonly string[]): void {
    for (const gateway of gateways) {
      this.#cut.add(gateway);
      for (const connection of this.#connections) {
        if (connection.gateway === gateway) connection.silence();
      }
    }
  }

  heal(gateways: readonly string[]): void {
    for (const gateway of gateways) this.#cut.delete(gateway);
  }

  /** Does nothing: it ends with its world. */
  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }

  isCut(gateway: string): boolean {
    return this.#cut.has(gateway);
  }

  /** What opens sessions, for a machine. */
  openFor(machine: VirtualMachine): OpenHub {
    return (options, name, signal) => {
      const library = virtualLibrary(this, machine, name);
      return natsHub(() => Promise.resolve(library))(options, name, signal);
    };
  }

  opened(connection: VirtualNats): void {
    this.traffic.sessions++;
    this.#connections.add(connection);
  }

  closed(connection: VirtualNats): void {
    this.#connections.delete(connection);
  }

  #remember(id: string, sequence: number, atMs: number): void {
    this.#ids.delete(id);
    this.#ids.set(id, { sequence, atMs });
    for (const [oldest, known] of this.#ids) {
      if (atMs - known.atMs < WINDOW_MS) break;
      this.#ids.delete(oldest);
    }
  }

  store(
    subject: string,
    bytes: Uint8Array<ArrayBuffer>,
    id: string,
  ): { readonly seq: number } {
    this.traffic.published++;
    const atMs = this.time.nowMs;
    if (!this.isLed || atMs < this.#acceptingMs) {
      throw new Error("no responders");
    }
    const known = this.#ids.get(id);
    if (known !== undefined && atMs - known.atMs < WINDOW_MS) {
      this.traffic.repeated++;
      return { seq: known.sequence };
    }
    const sequence = ++this.#sequence;
    this.#remember(id, sequence, atMs);
    const kept = { subject, bytes, sequence };
    this.#kept.delete(subject);
    this.#kept.set(subject, kept);
    for (const connection of this.#connections) connection.send(kept);
    return { seq: sequence };
  }
}
