/**
 * The run that the page is about, as all its parts use it.
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

/** What the page carries as JSON: all but the columns. */
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
  /** What the page carries as JSON. */
  readonly data: RunData;
  readonly servers: readonly string[];
  readonly messages: MessageTable;
  readonly requests: RequestTable;
  readonly index: UpdateIndex;
  readonly spread: Spread;
  /** The update that is followed, or -1. */
  update: number;
  /** Whether an update is among those that are shown. */
  isShown: Uint8Array;
  /** The client that is asked for; empty: all. */
  client: string = "";
  /** The moment that is taken hold of, in milliseconds since the start. */
  heldMs: number | undefined;
  readonly #watchers: (() => void)[] = [];

  /** Reads the columns of a run; by default those that the page carries. */
  constructor(data: RunData, columns: RunColumns = carriedColumns()) {
    this.data = data;
    this.messages = readMessages(columns.messages);
    this.requests = readRequests(columns.requests);
    this.servers = data.record.topology.servers;
    const updates = data.updates.length;
    this.index = new UpdateIndex(this.messages, updates);
    this.spread = spreadOf(this.messages, updates);
    this.update = updates > 0 ? 0 : -1;
    this.isShown = new Uint8Array(updates).fill(1);
  }

  /** The name of a server, or of what stands for the clients. */
  nameOf(server: number): string {
    return this.servers[server] ?? "client";
  }

  clientOf(update: number): string {
    return clientOf(this.data.updates[update] ?? "");
  }

  /**
   * Shows only updates of clients whose ID has this in it, or of the one whose
   * ID it is.
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

  /** Calls `watcher` whenever something else is chosen. */
  watch(watcher: () => void): void {
    this.#watchers.push(watcher);
  }

  #changed(): void {
    for (const watcher of this.#watchers) watcher();
  }
}

/** The faults as bands, and times in which a server was down for another reason. */
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
