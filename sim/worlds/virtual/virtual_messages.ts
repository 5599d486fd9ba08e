/**
 * What a consumer of a virtual hub's stream delivers.
 *
 * @module
 */
import type { Messages } from "../../../herd/net/hub/nats_library.ts";
import type { VirtualMachine } from "./virtual_machine.ts";
import type { VirtualTime } from "./virtual_time.ts";

/** A message in the hub's stream. */
export interface Kept {
  readonly subject: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly sequence: number;
}

/** The hub, as consumers see it. */
export interface ConsumedHub {
  readonly time: VirtualTime;
  readonly traffic: { delivered: number };
  /** The last message of each subject, in the order of the stream. */
  last(): Kept[];
  /** Milliseconds from or to the hub. */
  delayMs(): number;
}

/** A message on its way. */
interface Coming {
  readonly kept: Kept;
  readonly dueMs: number;
}

interface Consuming {
  /** The server that has the consumer. */
  readonly server: number;
  readonly heartbeatMs: number;
  onStop(): void;
}

type Message = Messages extends AsyncIterable<infer M> ? M : never;
type Status = ReturnType<Messages["status"]> extends AsyncIterable<infer S> ? S
  : never;

/** The last message of each subject, and all that follow. */
export class VirtualMessages implements Messages {
  readonly #hub: ConsumedHub;
  readonly #machine: VirtualMachine;
  readonly #consuming: Consuming;
  #coming: Coming[];
  #lastMs = 0;
  #missed = 0;
  #isSilent = false;
  #isStopped = false;
  /** Wakes who waits for a message, and who waits for a status. */
  #wake: () => void = () => {};
  #tell: () => void = () => {};

  constructor(
    hub: ConsumedHub,
    machine: VirtualMachine,
    consuming: Consuming,
  ) {
    this.#hub = hub;
    this.#machine = machine;
    this.#consuming = consuming;
    const dueMs = hub.time.nowMs + hub.delayMs();
    this.#coming = hub.last().map((kept) => ({ kept, dueMs }));
  }

  get server(): number {
    return this.#consuming.server;
  }

  /** Sends a message to the gateway, after those before it. */
  send(kept: Kept): void {
    if (this.#isSilent) return;
    const soonestMs = this.#hub.time.nowMs + this.#hub.delayMs();
    const dueMs = this.#lastMs = Math.max(this.#lastMs, soonestMs);
    this.#coming.push({ kept, dueMs });
    this.#machine.after(dueMs - this.#hub.time.nowMs, () => this.#wake());
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Message, void> {
    for (let at = 0; !this.#isStopped;) {
      const next = this.#coming[at];
      const waitMs = (next?.dueMs ?? Infinity) - this.#hub.time.nowMs;
      if (next === undefined || waitMs > 0) {
        await this.#awaken(waitMs);
        continue;
      }
      this.#hub.traffic.delivered++;
      const pending = this.#coming.length - ++at;
      if (pending === 0) this.#coming = [];
      if (pending === 0) at = 0;
      const { bytes: data, sequence: seq } = next.kept;
      yield { seq, data, info: { pending } };
    }
  }

  #awaken(waitMs: number): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
      if (waitMs < Infinity) this.#machine.after(waitMs, resolve);
    });
  }

  /** Nothing comes any more, and so no heartbeat. */
  silence(): void {
    if (this.#isSilent) return;
    this.#isSilent = true;
    this.#coming = [];
    this.#miss();
  }

  #miss(): void {
    this.#machine.after(this.#consuming.heartbeatMs, () => {
      if (this.#isStopped) return;
      this.#missed++;
      this.#tell();
      this.#miss();
    });
  }

  async *status(): AsyncGenerator<Status, void> {
    for (let told = 0; !this.#isStopped;) {
      if (told < this.#missed) {
        told = this.#missed;
        yield { type: "heartbeats_missed", count: told };
      } else await new Promise<void>((resolve) => this.#tell = resolve);
    }
  }

  stop(): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#consuming.onStop();
    this.#wake();
    this.#tell();
  }
}
