/**
 * The embedded places service: real HTTP on loopback, Google's old and new
 * Nearby Search, and on request every way in which such a service misbehaves.
 *
 * It uses Node's HTTP server, because only that can reset a connection.
 *
 * @module
 */
import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Misbehaviour } from "../../model/faults/misbehaviour.ts";
import type { WebAnswer } from "../../worlds/host.ts";
import { askedAt, badAnswer, cutBy, JSON_TYPE, NOT_FOUND } from "./moods.ts";
import { answerNearbySearch, type FindTowns } from "./nearby_search.ts";
import { answerSearchNearby } from "./search_nearby.ts";

export interface PlacesServiceOptions {
  /** The only accepted key; by default any, and none. */
  readonly key?: string;
  /** A certificate, to serve TLS as well. */
  readonly tls?: TlsOptions;
  /** Finds the towns. Requests wait for it, and nothing else does. */
  readonly findTowns: FindTowns;
}

/** A certificate and its private key, as PEM. */
export interface TlsOptions {
  readonly cert: string;
  readonly key: string;
}

const HOSTNAME = "127.0.0.1";

export class PlacesService implements AsyncDisposable {
  readonly #options: PlacesServiceOptions;
  readonly #servers: Server[];
  #mode: Misbehaviour = "none";
  #touched = 0;

  private constructor(options: PlacesServiceOptions) {
    this.#options = options;
    const answer = (request: IncomingMessage, response: ServerResponse) =>
      void this.#answer(request, response);
    const { tls } = options;
    this.#servers = [
      createServer(answer),
      ...tls ? [createTlsServer(tls, answer)] : [],
    ];
  }

  /** Listens on a free port of loopback. */
  static async listen(options: PlacesServiceOptions): Promise<PlacesService> {
    const service = new PlacesService(options);
    await Promise.all(service.#servers.map((server) => {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      server.once("error", reject);
      server.listen(0, HOSTNAME, resolve);
      return promise;
    }));
    return service;
  }

  /** The address without a path, `http://127.0.0.1:1234`. */
  get base(): string {
    const { port } = this.#servers[0]!.address() as AddressInfo;
    return `http://${HOSTNAME}:${port}`;
  }

  /** The TLS port, if it has a certificate. */
  get tlsPort(): number | undefined {
    return (this.#servers[1]?.address() as AddressInfo | undefined)?.port;
  }

  /**
   * Sets how all requests are answered from now on; `none` is normal. Returns
   * how many requests the previous mode affected.
   */
  misbehave(mode: Misbehaviour): number {
    const touched = this.#touched;
    this.#mode = mode;
    this.#touched = 0;
    // Clients with an open connection have to connect again.
    for (const server of this.#servers) server.closeIdleConnections();
    return touched;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#servers.map((server) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      server.close(() => resolve());
      server.closeAllConnections();
      return promise;
    }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #answer(
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const mode = this.#mode;
    const url = URL.parse(request.url ?? "", this.base);
    const asked = url && askedAt(url, request.method);
    if (!asked) return send(response, NOT_FOUND);
    this.#touched++;
    const { key, findTowns } = this.#options;
    const bad = badAnswer(mode);
    if (bad === "stall") return;
    if (bad === "reset") return void request.socket.resetAndDestroy();
    if (bad !== undefined) return send(response, bad);
    const { status, body } = asked === "new"
      ? await answerSearchNearby(
        await textOf(request),
        String(
          request.headers["x-goog-fieldmask"] ??
            url.searchParams.get("fields") ?? "",
        ),
        findTowns,
      )
      : {
        status: 200,
        body: await answerNearbySearch(url.searchParams, key, findTowns),
      };
    send(response, { status, type: JSON_TYPE, body: cutBy(mode, body) });
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += chunk;
  return text;
}

function send(
  response: ServerResponse,
  { status, type, body }: Exclude<WebAnswer, string>,
): void {
  response.writeHead(status, { "content-type": type });
  response.end(body);
}
