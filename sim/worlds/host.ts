/**
 * Where what stands around a world's servers runs too, if the world has a
 * network of its own: the proxies on links, greedy clients, the places service.
 * In other worlds these have threads of their own, on the real machine.
 *
 * @module
 */
import type { Address, Platform } from "../../herd/net/platform.ts";

/** A socket as a link's proxy needs it: one that pushes, and can send a reset. */
export interface LinkSocket {
  /** Whether its end has been asked for. */
  readonly writableEnded: boolean;
  /** Has somebody hear of bytes. */
  on(event: "data", hear: (bytes: Uint8Array) => void): unknown;
  /** Has somebody hear that it is connected, has read the end, or is over. */
  on(event: "connect" | "end" | "close", hear: () => void): unknown;
  /** Writes; hears when it was taken. */
  write(bytes: Uint8Array, onTaken: () => void): unknown;
  /** Sends the end, behind what was written. */
  end(): unknown;
  /** Reads no further for now. */
  pause(): unknown;
  /** Reads on. */
  resume(): unknown;
  /** Closes at once. */
  destroy(): unknown;
  /** Closes at once by a reset (RST). */
  resetAndDestroy(): unknown;
}

/** A port that takes connections for a proxy. */
export interface LinkListener {
  /** The port. */
  readonly port: number;
  /** Has connections refused, or takes them again, at the same port. */
  refuse(isRefusing: boolean): void | Promise<void>;
  /** Takes no more. */
  close(): unknown;
}

/** What makes sockets for proxies. Their ends are half closed by themselves. */
export interface LinkSockets {
  /** Listens on a free port. */
  listen(
    hostname: string,
    onConnection: (socket: LinkSocket) => void,
  ): Promise<LinkListener>;
  /** Connects; if that fails, the socket closes. */
  connect(address: Address): LinkSocket;
}

/** What a web service is asked. */
export interface WebRequest {
  /** `GET`. */
  readonly method: string;
  /** The address, with its host. */
  readonly url: URL;
}

/** What it answers: a response, nothing at all, or a reset. */
export type WebAnswer =
  | { readonly status: number; readonly type: string; readonly body: string }
  | "stall"
  | "reset";

/** The machine that a world has beside those of its servers. */
export interface Host {
  /** Its clocks and its network. */
  readonly platform: Platform;
  /** Sockets for proxies. */
  readonly sockets: LinkSockets;
  /** Has a web service listen; gives its address without a path. */
  serveWeb(
    answer: (request: WebRequest) => Promise<WebAnswer>,
  ): { readonly base: string; close(): void };
  /**
   * Has something happen so many milliseconds from now that is not of this world:
   * until then, all in it is as it would be without.
   */
  interject(ms: number, act: () => void): void;
  /**
   * Waits for what the real machine does, such as reading a file: meanwhile no
   * time passes here.
   */
  outside<T>(work: Promise<T>): Promise<T>;
}
