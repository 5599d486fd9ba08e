/**
 * Sockets for proxies on a real machine: Node's, because only they can send a
 * reset.
 *
 * @module
 */
import { once } from "node:events";
import { connect, createServer, type Server } from "node:net";
import type { Platform } from "../../../herd/net/platform.ts";
import { delay } from "../../../herd/net/timing.ts";
import type {
  LinkListener,
  LinkSocket,
  LinkSockets,
} from "../../worlds/host.ts";
import { PortLease, PROXIES } from "../../worlds/port_lease.ts";
import { untilReleased } from "../servers/ports.ts";

const OPTIONS = { allowHalfOpen: true, noDelay: true };

/**
 * A port that was free a moment ago may have been taken, but not many in a row.
 */
const PORTS_MAX = 20;
/** How long to wait for a port that was taken in the meantime. */
const AGAIN_MS_MAX = 5_000;
const AGAIN_MS = 20;

interface PortOptions {
  readonly platform: Platform;
  readonly hostname: string;
  readonly lease: PortLease;
  readonly onConnection: (socket: LinkSocket) => void;
  readonly onClosed: (port: Port) => void;
}

/** A port that can be closed and opened again. */
class Port implements LinkListener {
  port = 0;
  readonly #options: PortOptions;
  #server: Server | undefined;
  #isClosed = false;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: PortOptions) {
    this.#options = options;
  }

  /**
   * Listens on a free port, which no other herd takes while connections are
   * refused here.
   *
   * @throws {Error} If no port is free.
   */
  async open(): Promise<void> {
    for (let left = PORTS_MAX;; left--) {
      [this.port = 0] = this.#options.lease.take(1);
      if (await this.#listen()) return;
      if (left === 0) throw this.#taken();
    }
  }

  #taken(): Error {
    return new Error(
      `port ${this.port} on ${this.#options.hostname}, on which a proxy is to listen, ` +
        "is in use by another program",
    );
  }

  /** Listens; false if the port is in use. */
  async #listen(): Promise<boolean> {
    const server = this.#server = createServer(OPTIONS, (socket) => {
      socket.on("error", ignore);
      this.#options.onConnection(socket);
    });
    server.listen(this.port, this.#options.hostname);
    try {
      await once(server, "listening");
      return true;
    } catch (error) {
      this.#server = undefined;
      if ((error as { code?: unknown }).code !== "EADDRINUSE") throw error;
      return false;
    }
  }

  /**
   * Calls run one after the other: a port that is not open yet can't be closed.
   *
   * @throws {Error} If another program has taken the port, and keeps it.
   */
  refuse(isRefusing: boolean): Promise<void> {
    const refusing = this.#turn.then(() => this.#refuse(isRefusing));
    // A later call must not fail with this one's error.
    this.#turn = refusing.catch(ignore);
    return refusing;
  }

  async #refuse(isRefusing: boolean): Promise<void> {
    this.#server?.close();
    this.#server = undefined;
    if (isRefusing) await this.#untilReleased();
    else await this.#listenAgain();
    if (this.#isClosed) this.close();
  }

  /**
   * A process that is being started holds what is open, and with it the port,
   * until its program runs.
   */
  async #untilReleased(): Promise<void> {
    const { platform, hostname } = this.#options;
    const address = { hostname, port: this.port };
    await untilReleased(platform, address, AGAIN_MS_MAX);
  }

  async #listenAgain(): Promise<void> {
    const { clock } = this.#options.platform;
    const endMs = clock.nowMs() + AGAIN_MS_MAX;
    while (!this.#isClosed) {
      if (await this.#listen()) break;
      if (clock.nowMs() >= endMs) throw this.#taken();
      await delay(clock, AGAIN_MS);
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#server?.close();
    this.#server = undefined;
    this.#options.onClosed(this);
  }
}

/** They keep their ports until the last of them is closed. */
export function nodeSockets(platform: Platform): LinkSockets {
  const leases = new Map<string, PortLease>();
  const ports = new Set<Port>();
  const onClosed = (port: Port): void => {
    if (!ports.delete(port) || ports.size > 0) return;
    for (const lease of leases.values()) lease[Symbol.dispose]();
    leases.clear();
  };
  return {
    async listen(hostname, onConnection) {
      const lease = leases.get(hostname) ??
        new PortLease(platform, PROXIES, hostname);
      leases.set(hostname, lease);
      const port = new Port({
        platform,
        hostname,
        lease,
        onConnection,
        onClosed,
      });
      ports.add(port);
      try {
        await port.open();
      } catch (error) {
        port.close();
        throw error;
      }
      return port;
    },
    connect({ hostname: host, port }) {
      const socket = connect({ ...OPTIONS, host, port });
      socket.on("error", ignore);
      return socket;
    },
  };
}

/** After an error the socket closes, and that is handled. */
function ignore(): void {}
