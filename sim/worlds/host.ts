/**
 * The surroundings of a world with a network of its own: there run the proxies
 * on links, greedy clients and the places service. In other worlds these have
 * threads of their own, on the real machine.
 *
 * @module
 */
import type { Address, Platform } from "../../herd/net/platform.ts";

/**
 * A socket as a link's proxy needs it: it pushes data, and can send a reset.
 */
export interface LinkSocket {
  /** Whether `end()` was called. */
  readonly writableEnded: boolean;
  /** Calls `hear` with received bytes. */
  on(event: "data", hear: (bytes: Uint8Array) => void): unknown;
  /** Calls `hear` when it has connected, has read the end, or is closed. */
  on(event: "connect" | "end" | "close", hear: () => void): unknown;
  /** Writes; `onTaken` is called when the bytes were taken. */
  write(bytes: Uint8Array, onTaken: () => void): unknown;
  /** Sends the end, after what was written. */
  end(): unknown;
  /** Pauses reading. */
  pause(): unknown;
  /** Resumes reading. */
  resume(): unknown;
  /** Closes at once. */
  destroy(): unknown;
  /** Closes at once with a reset (RST). */
  resetAndDestroy(): unknown;
}

/** A port that accepts connections for a proxy. */
export interface LinkListener {
  readonly port: number;
  /** Starts or stops refusing connections, on the same port. */
  refuse(isRefusing: boolean): void | Promise<void>;
  /** Accepts no more connections. */
  close(): unknown;
}

/**
 * Makes sockets for proxies. Both directions of these are closed separately.
 */
export interface LinkSockets {
  /** Listens on a free port. */
  listen(
    hostname: string,
    onConnection: (socket: LinkSocket) => void,
  ): Promise<LinkListener>;
  /** Connects; if that fails, the socket closes. */
  connect(address: Address): LinkSocket;
}

/** A request to a web service. */
export interface WebRequest {
  /** `GET`. */
  readonly method: string;
  /** With the host. */
  readonly url: URL;
}

/** The answer: a response, nothing at all, or a reset. */
export type WebAnswer =
  | { readonly status: number; readonly type: string; readonly body: string }
  | "stall"
  | "reset";

/** The machine of a world that is not a server's. */
export interface Host {
  readonly platform: Platform;
  readonly sockets: LinkSockets;
  /** Serves a web service; returns its base address, without a path. */
  serveWeb(
    answer: (request: WebRequest) => Promise<WebAnswer>,
  ): { readonly base: string; close(): void };
  /**
   * Calls `act` after so many milliseconds, from outside of the world: until
   * then everything in it is as it would be without.
   */
  interject(ms: number, act: () => void): void;
  /**
   * Waits for work on the real machine, such as reading a file; no time passes
   * in the world meanwhile.
   */
  outside<T>(work: Promise<T>): Promise<T>;
}
