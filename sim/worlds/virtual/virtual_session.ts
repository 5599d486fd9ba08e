/**
 * A session with a hub of a virtual world.
 *
 * @module
 */
import type { Acknowledged } from "../../../herd/core/hub/outbox.ts";
import type { HubMessage, HubSession } from "../../../herd/net/hub/hub.ts";
import type { VirtualMachine } from "./virtual_machine.ts";
import type { VirtualTime } from "./virtual_time.ts";

/** Milliseconds after which a publication without an answer is given up. */
const PUBLISH_MS = 5_000;

/** A message in the hub's stream. */
export interface Kept {
  readonly subject: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly sequence: number;
}

/** What a session needs of its hub. */
export interface SessionHub {
  readonly time: VirtualTime;
  readonly traffic: { delivered: number };
  /** The sequence of the last message in its stream. */
  readonly sequence: number;
  /** The last message of each subject, in the order of the stream. */
  last(): Kept[];
  /** Milliseconds from or to the hub. */
  delayMs(): number;
  /** Stores a message; `undefined` if there is no leader. */
  store(
    subject: string,
    bytes: Uint8Array<ArrayBuffer>,
    id: string,
  ): Acknowledged | undefined;
  /** Called when a session is over. */
  closed(session: VirtualSession): void;
}

/** Handles a message that was read. */
type Take = (message: HubMessage) => void | Promise<void>;

/** A session of one gateway. */
export class VirtualSession implements HubSession {
  readonly length: number;
  readonly isEmpty: boolean;
  readonly #hub: SessionHub;
  readonly #machine: VirtualMachine;
  /** Messages to deliver, in the order of the stream, from `#next` on. */
  #coming: { readonly kept: Kept; readonly dueMs: number }[];
  #next = 0;
  #isArmed = false;
  #isSilent = false;
  #lastMs = 0;
  #lastWrittenMs = 0;
  #take: Take | undefined;
  readonly #unanswered = new Set<(why: string) => void>();
  readonly #open = { abandon: () => this.#end() };
  readonly #over = Promise.withResolvers<string>();
  #isOver = false;

  constructor(
    hub: SessionHub,
    machine: VirtualMachine,
    readonly gateway: string,
    readonly server: number,
  ) {
    this.#hub = hub;
    this.#machine = machine;
    const last = hub.last();
    this.length = hub.sequence;
    this.isEmpty = last.length === 0;
    const dueMs = hub.time.nowMs + hub.delayMs();
    this.#coming = last.map((kept) => ({ kept, dueMs }));
    machine.opened(this.#open);
  }

  publish(
    subject: string,
    bytes: Uint8Array,
    id: string,
  ): Promise<Acknowledged> {
    const own = new Uint8Array(bytes);
    const { promise, resolve, reject } = Promise.withResolvers<Acknowledged>();
    const { time } = this.#hub;
    const fail = (why: string) => {
      this.#unanswered.delete(fail);
      late.cancel();
      reject(new Error(why));
    };
    const late = this.#machine.after(PUBLISH_MS, () => fail("timeout"));
    this.#unanswered.add(fail);
    // In the order in which they were published.
    const atMs = Math.max(
      this.#lastWrittenMs,
      time.nowMs + this.#hub.delayMs(),
    );
    this.#lastWrittenMs = atMs;
    time.at(atMs, () => {
      if (this.#isOver || this.#isSilent) return;
      const stored = this.#hub.store(subject, own, id);
      if (stored === undefined) return;
      this.#machine.after(this.#hub.delayMs(), () => {
        if (this.#isOver || this.#isSilent) return;
        this.#unanswered.delete(fail);
        late.cancel();
        resolve(stored);
      });
    });
    return promise;
  }

  /** Sends a message to the gateway. */
  send(kept: Kept): void {
    if (this.#isSilent) return;
    const { time } = this.#hub;
    const dueMs = Math.max(this.#lastMs, time.nowMs + this.#hub.delayMs());
    this.#lastMs = dueMs;
    this.#coming.push({ kept, dueMs });
    this.#arm();
  }

  read(take: Take): Promise<string> {
    this.#take = take;
    this.#arm();
    return this.#over.promise;
  }

  #arm(): void {
    const next = this.#coming[this.#next];
    if (this.#isArmed || next === undefined || !this.#take) return;
    this.#isArmed = true;
    const ms = next.dueMs - this.#hub.time.nowMs;
    this.#machine.after(ms, () => void this.#deliver());
  }

  /** Delivers everything that is due. */
  async #deliver(): Promise<void> {
    while (!this.#isOver) {
      const next = this.#coming[this.#next];
      if (next === undefined || next.dueMs > this.#hub.time.nowMs) break;
      this.#next++;
      this.#hub.traffic.delivered++;
      const { bytes, sequence } = next.kept;
      const pending = this.#coming.length - this.#next;
      if (pending === 0) this.#clear();
      const taking = this.#take!({ bytes, sequence, pending });
      if (taking !== undefined) await taking;
    }
    this.#isArmed = false;
    this.#arm();
  }

  #clear(): void {
    this.#coming = [];
    this.#next = 0;
  }

  /** Nothing passes any more; some time later both ends notice. */
  silence(ms: number): void {
    this.#isSilent = true;
    this.#clear();
    this.#machine.after(ms, () => this.#end("no keepalive"));
  }

  /** The hub ends the session. */
  end(why: string): void {
    this.#hub.closed(this);
    this.#machine.after(this.#hub.delayMs(), () => this.#end(why));
  }

  #end(why = "closed"): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#hub.closed(this);
    this.#clear();
    this.#machine.closed(this.#open);
    for (const fail of [...this.#unanswered]) fail(why);
    this.#over.resolve(why);
  }

  close(): Promise<void> {
    this.#end();
    return Promise.resolve();
  }
}
