/**
 * Sockets for proxies on the real machine: Node's, for only those can send a
 * reset.
 *
 * @module
 */
import { connect, createServer, type Server } from "node:net";
import type { Clock } from "../../../herd/net/platform.ts";
import { delay } from "../../../herd/net/timing.ts";
import type {
  LinkListener,
  LinkSocket,
  LinkSockets,
} from "../../worlds/host.ts";

const OPTIONS = { allowHalfOpen: true, noDelay: true };

/** A port that was free and is taken is so for as long as a connection is. */
const AGAIN_MS = 20;

/** A port that can be closed and opened again. */
class Port implements LinkListener {
  port = 0;
  readonly #clock: Clock;
  readonly #hostname: string;
  readonly #onConnection: (socket: LinkSocket) => void;
  #server: Server | undefined;
  #isClosed = false;
  #turn = Promise.resolve();

  constructor(
    clock: Clock,
    hostname: string,
    onConnection: (socket: LinkSocket) => void,
  ) {
    this.#clock = clock;
    this.#hostname = hostname;
    this.#onConnection = onConnection;
  }

  /** Listens, on the same port as before. */
  async open(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const server = this.#server = createServer(OPTIONS, (socket) => {
      socket.on("error", ignore);
      this.#onConnection(socket);
    });
    server.once("error", reject);
    server.listen(this.port, this.#hostname, () => {
      server.off("error", reject);
      const address = server.address();
      this.port = typeof address === "object" && address ? address.port : 0;
      resolve();
    });
    await promise;
  }

  /** One after the other: what is not open yet can't be closed. */
  refuse(isRefusing: boolean): Promise<void> {
    return this.#turn = this.#turn.then(() => this.#refuse(isRefusing));
  }

  async #refuse(isRefusing: boolean): Promise<void> {
    this.#server?.close();
    this.#server = undefined;
    // Meanwhile somebody who dials may have been given it as their own port.
    while (!isRefusing && !this.#isClosed && this.#server === undefined) {
      try {
        await this.open();
      } catch (error) {
        this.#server = undefined;
        if ((error as { code?: unknown }).code !== "EADDRINUSE") throw error;
        await delay(this.#clock, AGAIN_MS);
      }
    }
    if (this.#isClosed) this.close();
  }

  close(): void {
    this.#isClosed = true;
    this.#server?.close();
    this.#server = undefined;
  }
}

/** Node's sockets. */
export function nodeSockets(clock: Clock): LinkSockets {
  return {
    async listen(hostname, onConnection) {
      const port = new Port(clock, hostname, onConnection);
      await port.open();
      return port;
    },
    connect({ hostname: host, port }) {
      const socket = connect({ ...OPTIONS, host, port });
      socket.on("error", ignore);
      return socket;
    },
  };
}

/** What an error means is that the socket closes, and that is looked after. */
function ignore(): void {}
