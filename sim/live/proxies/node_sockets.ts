/**
 * Sockets for proxies on the real machine: Node's, for only those can send a
 * reset.
 *
 * @module
 */
import { connect, createServer, type Server } from "node:net";
import type { Platform } from "../../../herd/net/platform.ts";
import { delay } from "../../../herd/net/timing.ts";
import type {
  LinkListener,
  LinkSocket,
  LinkSockets,
} from "../../worlds/host.ts";
import { freePorts, PROXIES } from "../servers/ports.ts";

const OPTIONS = { allowHalfOpen: true, noDelay: true };

/** A port that was free a moment ago may be somebody's now, but not many in a row. */
const PORTS_MAX = 20;
/** How long a port that somebody has taken meanwhile is waited for. */
const AGAIN_MS_MAX = 5_000;
const AGAIN_MS = 20;

/** A port that can be closed and opened again. */
class Port implements LinkListener {
  port = 0;
  readonly #platform: Platform;
  readonly #hostname: string;
  readonly #onConnection: (socket: LinkSocket) => void;
  #server: Server | undefined;
  #isClosed = false;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(
    platform: Platform,
    hostname: string,
    onConnection: (socket: LinkSocket) => void,
  ) {
    this.#platform = platform;
    this.#hostname = hostname;
    this.#onConnection = onConnection;
  }

  /**
   * Listens on a free port: none of those that anybody who dials is given, who
   * would have it while connections are refused here.
   *
   * @throws {Error} If none can be had.
   */
  async open(): Promise<void> {
    for (let left = PORTS_MAX;; left--) {
      [this.port = 0] = freePorts(this.#platform, 1, this.#hostname, PROXIES);
      if (await this.#listen()) return;
      if (left === 0) throw this.#taken();
    }
  }

  #taken(): Error {
    return new Error(
      `port ${this.port} on ${this.#hostname}, on which a proxy is to listen, ` +
        "is in use by another program",
    );
  }

  /** Listens; false if another does so on that port. */
  async #listen(): Promise<boolean> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const server = this.#server = createServer(OPTIONS, (socket) => {
      socket.on("error", ignore);
      this.#onConnection(socket);
    });
    server.once("error", reject);
    server.listen(this.port, this.#hostname, resolve);
    try {
      await promise;
      return true;
    } catch (error) {
      this.#server = undefined;
      if ((error as { code?: unknown }).code !== "EADDRINUSE") throw error;
      return false;
    } finally {
      server.off("error", reject);
    }
  }

  /**
   * One after the other: what is not open yet can't be closed.
   *
   * @throws {Error} If another program has the port by now, and keeps it.
   */
  refuse(isRefusing: boolean): Promise<void> {
    const refusing = this.#turn.then(() => this.#refuse(isRefusing));
    // What comes next is told of its own errors alone.
    this.#turn = refusing.catch(ignore);
    return refusing;
  }

  async #refuse(isRefusing: boolean): Promise<void> {
    this.#server?.close();
    this.#server = undefined;
    const { clock } = this.#platform;
    const endMs = clock.nowMs() + AGAIN_MS_MAX;
    while (!isRefusing && !this.#isClosed) {
      if (await this.#listen()) break;
      if (clock.nowMs() >= endMs) throw this.#taken();
      await delay(clock, AGAIN_MS);
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
export function nodeSockets(platform: Platform): LinkSockets {
  return {
    async listen(hostname, onConnection) {
      const port = new Port(platform, hostname, onConnection);
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
