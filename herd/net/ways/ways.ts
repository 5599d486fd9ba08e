/**
 * The transports that a server offers in addition to its port. Each is a
 * listener whose connections are byte streams, so everything behind it is the
 * same.
 *
 * @module
 */
import type { FurtherVia } from "../../core/wire/via.ts";
import type { LimitLog } from "../limit_log.ts";
import type { Platform, TcpListener, TlsIdentity } from "../platform.ts";
import defer * as datagrams from "./datagrams.ts";
import defer * as webSockets from "./web_socket.ts";

/** The share of all connections that may be UDP clients. */
const DATAGRAM_PART = 1 / 8;

/** Additional transports for clients, each on a port of its own. */
export interface Ways {
  /** TLS, with the server's certificate. */
  readonly tls?: TlsIdentity & { readonly port: number };
  /** WebSocket, for web pages. */
  readonly ws?: {
    readonly port: number;
    /**
     * Origins of pages that may connect, in addition to those of the same host
     * and of this machine: `https://example.org`, or `*` for all.
     */
    readonly origins?: readonly string[];
  };
  /** Datagrams (UDP); the port number may be that of the server's TCP port. */
  readonly udp?: { readonly port: number };
}

/** Which ports to open, and how. */
export interface PortsOptions {
  readonly platform: Platform;
  readonly hostname: string;
  readonly port: number;
  /** If present, the main port and WebSockets use TLS (`wss`). */
  readonly tls?: TlsIdentity | undefined;
  readonly ways?: Ways | undefined;
  readonly limitLog: LimitLog;
  readonly connectionsMax: number;
}

export interface Ports {
  /** The port for clients and neighbours. */
  readonly main: TcpListener;
  /** Additional ports, for clients only. */
  readonly ways: readonly WayIn[];
  /** Closes all ports. */
  close(): void;
}

/** An additional port for clients. */
export interface WayIn {
  readonly via: FurtherVia;
  readonly listener: TcpListener;
}

/**
 * Opens a server's ports, all or none.
 *
 * @throws {Deno.errors.AddrInUse} If one is taken.
 * @throws {RangeError} If the platform does not have a transport.
 */
export async function openPorts(options: PortsOptions): Promise<Ports> {
  const opened: TcpListener[] = [];
  const close = () => {
    for (const listener of opened) listener.close();
  };
  const ways: WayIn[] = [];
  try {
    const main = await listen(options, options.port, options.tls);
    opened.push(main);
    await openWays(options, (via, listener) => {
      opened.push(listener);
      ways.push({ via, listener });
    });
    return { main, ways, close };
  } catch (error) {
    close();
    throw error;
  }
}

async function listen(
  { platform: { network }, hostname }: PortsOptions,
  port: number,
  tls: TlsIdentity | undefined,
): Promise<TcpListener> {
  const address = { hostname, port };
  if (tls === undefined) return await Promise.resolve(network.listen(address));
  if (network.listenTls !== undefined) return network.listenTls(address, tls);
  throw new RangeError("Cannot listen for TLS: there is none here");
}

/** Opens the additional ports, and passes each on at once. */
async function openWays(
  options: PortsOptions,
  add: (via: FurtherVia, listener: TcpListener) => void,
): Promise<void> {
  const { platform, hostname, limitLog, connectionsMax } = options;
  const { tls, ws, udp } = options.ways ?? {};
  if (tls !== undefined) add("tls", await listen(options, tls.port, tls));
  if (ws !== undefined) {
    const { port, origins = [] } = ws;
    const onRefused = (client: string, why: string) =>
      limitLog.met("web-socket-refused", { client, why }, {
        kind: `web-socket-refused ${why}`,
        level: "info",
      });
    const inner = await listen(options, port, options.tls);
    add("ws", webSockets.webSocketsOf(inner, { origins, onRefused }));
  }
  if (udp !== undefined) {
    const address = { hostname, port: udp.port };
    const clientsMax = Math.ceil(connectionsMax * DATAGRAM_PART);
    const onDropped = (client: string) =>
      limitLog.met("datagrams-full", { client }, { level: "info" });
    const asked = { clientsMax, onDropped };
    add("udp", await datagrams.datagramClients(platform, address, asked));
  }
}
