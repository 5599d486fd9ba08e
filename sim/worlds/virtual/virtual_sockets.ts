/**
 * Sockets for the proxies on links: they push data, and can send a reset.
 *
 * @module
 */
import { isOver, type TcpListener } from "../../../herd/net/platform.ts";
import { connectionsOf } from "../../../herd/net/accepting.ts";
import type { LinkSocket, LinkSockets } from "../host.ts";
import type { VirtualConnection } from "./virtual_connection.ts";
import type { VirtualMachine } from "./virtual_machine.ts";
import type { VirtualNetwork } from "./virtual_network.ts";

const READ_BYTES = 16_384;

type Event = "connect" | "end" | "close";

class VirtualSocket implements LinkSocket {
  writableEnded = false;
  readonly #hearers: [event: Event, hear: () => void][] = [];
  #onData: (bytes: Uint8Array) => void = () => {};
  #connection: VirtualConnection | undefined;
  #written = Promise.resolve();
  #resumed: PromiseWithResolvers<void> | undefined;
  #hasRead = false;
  #hasEnded = false;
  #isOver = false;

  on(event: "data" | Event, hear: (bytes: Uint8Array) => void): void {
    if (event === "data") this.#onData = hear;
    else this.#hearers.push([event, hear as () => void]);
  }

  #tell(event: Event): void {
    for (const [heard, hear] of this.#hearers) {
      if (heard === event) hear();
    }
  }

  /** The connection is there. */
  open(connection: VirtualConnection): void {
    if (this.#isOver) return connection.reset();
    this.#connection = connection;
    this.#tell("connect");
    void this.#read(connection);
  }

  async #read(connection: VirtualConnection): Promise<void> {
    const into = new Uint8Array(READ_BYTES);
    try {
      for (;;) {
        await this.#resumed?.promise;
        const count = await connection.read(into);
        if (this.#isOver) return;
        if (count === null) break;
        this.#onData(into.slice(0, count));
      }
    } catch (error) {
      if (!isOver(error)) throw error;
      return this.destroy();
    }
    this.#hasRead = true;
    this.#tell("end");
    this.#closeIfDone();
  }

  write(bytes: Uint8Array, onTaken: () => void): void {
    this.#written = this.#written.then(() => this.#write(bytes)).then(onTaken);
  }

  async #write(bytes: Uint8Array): Promise<void> {
    try {
      for (let at = 0; at < bytes.length && !this.#isOver;) {
        at += await this.#connection!.write(bytes.subarray(at));
      }
    } catch (error) {
      if (!isOver(error)) throw error;
      this.destroy();
    }
  }

  end(): void {
    if (this.writableEnded) return;
    this.writableEnded = true;
    this.#written = this.#written.then(async () => {
      if (this.#isOver) return;
      await this.#connection?.closeWrite().catch(() => {});
      this.#hasEnded = true;
      this.#closeIfDone();
    });
  }

  #closeIfDone(): void {
    if (this.#hasRead && this.#hasEnded) this.destroy();
  }

  pause(): void {
    this.#resumed ??= Promise.withResolvers();
  }

  resume(): void {
    this.#resumed?.resolve();
    this.#resumed = undefined;
  }

  destroy(): void {
    this.#close(() => this.#connection?.close());
  }

  resetAndDestroy(): void {
    this.#close(() => this.#connection?.reset());
  }

  #close(close: () => void): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.resume();
    close();
    // The closing side is told later too, as of any other end.
    void Promise.resolve().then(() => this.#tell("close"));
  }
}

/** Makes sockets on a machine. */
export function virtualSockets(
  machine: VirtualMachine,
  network: VirtualNetwork,
): LinkSockets {
  return {
    listen(hostname, onConnection) {
      const open = (port: number) => {
        const opened = network.listen(machine, { hostname, port });
        void accept(machine, opened, onConnection);
        return opened;
      };
      let listener: TcpListener | undefined = open(0);
      const { addr: { port } } = listener;
      const close = () => {
        listener?.close();
        listener = undefined;
      };
      return Promise.resolve({
        port,
        close,
        refuse: (isRefusing) => {
          if (isRefusing) close();
          else listener ??= open(port);
        },
      });
    },
    connect(address) {
      const socket = new VirtualSocket();
      network.connect(machine, address).then(
        (connection) => socket.open(connection),
        () => socket.destroy(),
      );
      return socket;
    },
  };
}

async function accept(
  { platform: { clock } }: VirtualMachine,
  listener: TcpListener,
  onConnection: (socket: LinkSocket) => void,
): Promise<void> {
  for await (const connection of connectionsOf(clock, listener)) {
    const socket = new VirtualSocket();
    onConnection(socket);
    socket.open(connection as VirtualConnection);
  }
}
