/**
 * A connection of a gateway to the hub of a virtual world, in the form of the
 * packages for NATS. So what a gateway makes of it is its own code, and the
 * same as with real servers.
 *
 * @module
 */
import type {
  Messages,
  NatsConnection,
  NatsLibrary,
  StreamConfig,
} from "../../../herd/net/hub/nats_library.ts";
import type { VirtualMachine } from "./virtual_machine.ts";
import {
  type ConsumedHub,
  type Kept,
  VirtualMessages,
} from "./virtual_messages.ts";

/** The hub, as connections see it. */
export interface ConnectedHub extends ConsumedHub {
  readonly servers: readonly number[];
  /** Whether it answers requests about its stream. */
  readonly isLed: boolean;
  /** How many leaders have died: none answers after its death. */
  readonly term: number;
  /** The number of subjects with a message. */
  readonly subjects: number;
  /** The sequence of the last message in its stream. */
  readonly sequence: number;
  isUp(server: number): boolean;
  isCut(gateway: string): boolean;
  /** One of the servers that run, for a consumer. */
  someServer(): number;
  /** The stream; it is made with this configuration if there is none. */
  streamAs(wanted?: StreamConfig): StreamConfig | undefined;
  /**
   * Stores a message.
   *
   * @throws {Error} If there is no leader that accepts it.
   */
  store(
    subject: string,
    bytes: Uint8Array<ArrayBuffer>,
    id: string,
  ): { readonly seq: number };
  opened(connection: VirtualNats): void;
  closed(connection: VirtualNats): void;
}

/** One connection, of one gateway to one server. */
export class VirtualNats implements NatsConnection {
  readonly info: { readonly cluster?: string };
  readonly gateway: string;
  readonly server: number;
  readonly #hub: ConnectedHub;
  readonly #machine: VirtualMachine;
  readonly #consumers = new Set<VirtualMessages>();
  readonly #unanswered = new Set<(why: string) => void>();
  readonly #open = { abandon: () => this.#end() };
  readonly #over = Promise.withResolvers<void | Error>();
  #lastSentMs = 0;
  #isSilent = false;
  #isOver = false;

  constructor(
    hub: ConnectedHub,
    machine: VirtualMachine,
    gateway: string,
    server: number,
  ) {
    this.#hub = hub;
    this.#machine = machine;
    this.gateway = gateway;
    this.server = server;
    this.info = hub.servers.length > 1 ? { cluster: "virtual" } : {};
    machine.opened(this.#open);
    hub.opened(this);
  }

  closed(): Promise<void | Error> {
    return this.#over.promise;
  }

  close(): Promise<void> {
    this.#end();
    return Promise.resolve();
  }

  /**
   * Asks the hub, which answers in the order of the questions, if it has a
   * leader.
   *
   * @throws {Error} If no answer comes in time, or the connection ends.
   */
  request<T>(msMax: number, answer: () => T): Promise<T> {
    return this.#ask(msMax, answer, () => this.#hub.isLed);
  }

  /**
   * Publishes, in the order of the calls.
   *
   * @throws {Error} If it is refused, no answer comes in time, or the connection
   * ends. It may have been stored: the leader may die before it has answered.
   */
  publish(
    msMax: number,
    ...message: Parameters<ConnectedHub["store"]>
  ): Promise<{ readonly seq: number }> {
    return this.#ask(msMax, () => this.#hub.store(...message), () => true);
  }

  #ask<T>(
    msMax: number,
    answer: () => T,
    isAnswered: () => boolean,
  ): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    if (this.#isOver) return Promise.reject(new Error("closed"));
    const { time } = this.#hub;
    const over = () => {
      this.#unanswered.delete(fail);
      late.cancel();
    };
    const fail = (why: string) => {
      over();
      reject(new Error(why));
    };
    const late = this.#machine.after(msMax, () => fail("timeout"));
    this.#unanswered.add(fail);
    this.#lastSentMs = Math.max(
      this.#lastSentMs,
      time.nowMs + this.#hub.delayMs(),
    );
    time.at(this.#lastSentMs, () => {
      if (this.#isOver || this.#isSilent || !isAnswered()) return;
      const { term } = this.#hub;
      const settle = settling(answer, resolve, reject);
      this.#machine.after(this.#hub.delayMs(), () => {
        if (this.#isOver || this.#isSilent || this.#hub.term > term) return;
        over();
        settle();
      });
    });
    return promise;
  }

  /** Reads the stream, by a consumer on one of the servers. */
  consume(heartbeatMs: number): Messages {
    const messages = new VirtualMessages(this.#hub, this.#machine, {
      server: this.#hub.someServer(),
      heartbeatMs,
      onStop: () => this.#consumers.delete(messages),
    });
    this.#consumers.add(messages);
    return messages;
  }

  /** Sends a message to all consumers. */
  send(kept: Kept): void {
    for (const consumer of this.#consumers) consumer.send(kept);
  }

  /** A server has ended, with the consumers that it had. */
  ended(server: number): void {
    if (server === this.server) {
      this.#hub.closed(this);
      this.#machine.after(this.#hub.delayMs(), () => this.#end());
      return;
    }
    for (const consumer of this.#consumers) {
      if (consumer.server === server) consumer.silence();
    }
  }

  /** Nothing passes any more. */
  silence(): void {
    this.#isSilent = true;
    for (const consumer of this.#consumers) consumer.silence();
  }

  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#hub.closed(this);
    this.#machine.closed(this.#open);
    for (const fail of [...this.#unanswered]) fail("closed");
    for (const consumer of [...this.#consumers]) consumer.stop();
    this.#over.resolve();
  }
}

/** Answers now; what it gives passes the answer, or the refusal, on. */
function settling<T>(
  answer: () => T,
  resolve: (answered: T) => void,
  reject: (refusal: unknown) => void,
): () => void {
  try {
    const answered = answer();
    return () => resolve(answered);
  } catch (refusal) {
    return () => reject(refusal);
  }
}

/** The packages, for a gateway on a machine. */
export function virtualLibrary(
  hub: ConnectedHub,
  machine: VirtualMachine,
  gateway: string,
): NatsLibrary {
  const stateOf = (config: StreamConfig) => ({
    config,
    state: { messages: hub.subjects, last_seq: hub.sequence },
  });
  return {
    transport: {
      connect: (options) => connect(hub, machine, gateway, options),
      credsAuthenticator: () => undefined,
    },
    jetstream: {
      jetstream: (connection, { timeout }) => {
        const to = connection as VirtualNats;
        return {
          publish: (subject, bytes, { msgID, timeout }) => {
            const own = new Uint8Array(bytes);
            return to.publish(timeout, subject, own, msgID);
          },
          consumers: {
            get: async () => {
              await to.request(timeout, () => {});
              return {
                consume: ({ idle_heartbeat }) =>
                  Promise.resolve(to.consume(idle_heartbeat)),
              };
            },
          },
        };
      },
      jetstreamManager: async (connection, { timeout }) => {
        const to = connection as VirtualNats;
        await to.request(timeout, () => {});
        const ask = async (wanted?: StreamConfig) => {
          const found = await to.request(timeout, () => hub.streamAs(wanted));
          if (found === undefined) throw new Error("stream not found");
          return stateOf(found);
        };
        return { streams: { add: ask, info: () => ask() } };
      },
    },
  };
}

/** Connects to the server that is named, unless it is down or cut off. */
async function connect(
  hub: ConnectedHub,
  machine: VirtualMachine,
  gateway: string,
  { servers, timeout }: Record<string, unknown>,
): Promise<NatsConnection> {
  const server = Number(/\d+$/.exec(String(servers))![0]);
  const pass = (ms: number) =>
    new Promise<void>((resolve) => void machine.after(ms, resolve));
  await pass(hub.delayMs());
  if (hub.isCut(gateway)) {
    await pass(Number(timeout));
    throw new Error("timeout");
  }
  if (!hub.isUp(server)) throw new Error("connection refused");
  await pass(hub.delayMs());
  return new VirtualNats(hub, machine, gateway, server);
}
