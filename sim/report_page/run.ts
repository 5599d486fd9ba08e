/**
 * The run that the page shows, with its filters and selections.
 *
 * @module
 */
/// <reference lib="dom" />
import type { PageData } from "../model/report/page_data.ts";
import type { Band } from "./bands.ts";
import {
  type MessageTable,
  readMessages,
  readRequests,
  type RequestTable,
  UpdateIndex,
} from "./columns.ts";
import { byId } from "./dom.ts";
import { type Spread, spreadOf } from "./propagation.ts";
import { clientOf } from "./text.ts";

/** The JSON in the page: everything but the columns. */
export type RunData = Omit<PageData, "messages" | "requests">;

export function readData(): RunData {
  return JSON.parse(byId("data").textContent!);
}

/** The columns of a run, as text. */
export type RunColumns = Pick<PageData, "messages" | "requests">;

function carriedColumns(): RunColumns {
  return {
    messages: byId("message-columns").textContent!,
    requests: byId("request-columns").textContent!,
  };
}

export class Run {
  /** The JSON in the page. */
  readonly data: RunData;
  readonly servers: readonly string[];
  readonly messages: MessageTable;
  readonly requests: RequestTable;
  readonly index: UpdateIndex;
  readonly spread: Spread;
  /** The followed update, or -1. */
  update: number;
  /** For each update: 1 if it passes the filter. */
  isShown: Uint8Array;
  /** The client filter; empty for all. */
  client: string = "";
  /** The moment chosen under “What if”, in milliseconds since the start. */
  heldMs: number | undefined;
  readonly #watchers: (() => void)[] = [];

  /** By default reads the columns from the page. */
  constructor(data: RunData, columns: RunColumns = carriedColumns()) {
    this.data = data;
    this.messages = readMessages(columns.messages);
    this.requests = readRequests(columns.requests);
    this.servers = data.record.topology.servers;
    const updates = data.updates.length;
    this.index = new UpdateIndex(this.messages, updates);
    this.spread = spreadOf(this.messages, this.index, updates);
    this.update = updates > 0 ? 0 : -1;
    this.isShown = new Uint8Array(updates).fill(1);
  }

  /** The name of a server by its index, or `client`. */
  nameOf(server: number): string {
    return this.servers[server] ?? "client";
  }

  /**
   * Shows only updates of clients whose ID contains this text, or of the client
   * with exactly this ID, if there is one.
   */
  filter(client: string): void {
    this.client = client;
    const ids = this.data.updates.map(clientOf);
    const isExact = ids.includes(client);
    this.isShown = Uint8Array.from(
      ids,
      (id) => Number(isExact ? id === client : id.includes(client)),
    );
    this.#changed();
  }

  follow(update: number): void {
    this.update = update;
    this.#changed();
  }

  /** Calls `watcher` after each change of the filter or selection. */
  watch(watcher: () => void): void {
    this.#watchers.push(watcher);
  }

  #changed(): void {
    for (const watcher of this.#watchers) watcher();
  }
}

/**
 * The faults as bands, and times in which a server was down for another reason.
 */
export function bandsOf(
  { faults, downTimes, record, spanMs }: RunData,
): Band[] {
  const { servers } = record.topology;
  const bands: Band[] = faults.map((fault) => ({
    text: [fault.fault, fault.targets.join(", "), fault.settings]
      .filter((part) => part !== "").join(" "),
    fromMs: fault.beganMs,
    toMs: fault.endedMs ?? spanMs,
  }));
  for (const { server, state, fromMs, toMs } of downTimes) {
    const name = servers[server]!;
    const isExplained = faults.some((fault) =>
      fault.targets.includes(name) && fault.beganMs <= toMs + 1 &&
      (fault.endedMs ?? spanMs) >= fromMs - 1
    );
    if (!isExplained && fromMs < spanMs && toMs > 0) {
      bands.push({ text: `${name} ${state}`, fromMs, toMs });
    }
  }
  return bands.sort((a, b) => a.fromMs - b.fromMs);
}
