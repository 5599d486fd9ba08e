/**
 * A places service of one's own: real HTTP on loopback, Google's Nearby Search,
 * and on demand every way in which such a service lets its clients down.
 *
 * It stands on Node's HTTP server, because only that one can reset a
 * connection.
 *
 * @module
 */
import {
  createServer,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import type { Misbehaviour } from "../../model/faults/misbehaviour.ts";
import {
  answerNearbySearch,
  type FindTowns,
  NEARBY_SEARCH_PATH,
  overQueryLimitBody,
} from "./nearby_search.ts";

export interface PlacesServiceOptions {
  /** The only key that is let in. */
  readonly key: string;
  /** Finds the towns. Requests wait for it, and only they. */
  readonly findTowns: FindTowns;
}

const HOSTNAME = "127.0.0.1";
const JSON_TYPE = "application/json; charset=UTF-8";

export class PlacesService implements AsyncDisposable {
  readonly #options: PlacesServiceOptions;
  readonly #server = createServer((request, response) =>
    void this.#answer(request, response)
  );
  #mode: Misbehaviour = "none";
  #touched = 0;

  private constructor(options: PlacesServiceOptions) {
    this.#options = options;
  }

  /** Listens on a free port of loopback. */
  static async listen(options: PlacesServiceOptions): Promise<PlacesService> {
    const service = new PlacesService(options);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    service.#server.once("error", reject);
    service.#server.listen(0, HOSTNAME, resolve);
    await promise;
    return service;
  }

  /** The address without a path, `http://127.0.0.1:1234`. */
  get base(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://${HOSTNAME}:${port}`;
  }

  /**
   * Has all requests from now on fare as told; `none` makes it behave. Returns
   * how many requests have fared as it was told before.
   */
  misbehave(mode: Misbehaviour): number {
    const touched = this.#touched;
    this.#mode = mode;
    this.#touched = 0;
    return touched;
  }

  /** Stops listening and drops all connections. */
  async stop(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#server.close(() => resolve());
    this.#server.closeAllConnections();
    await promise;
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
    if (url?.pathname !== NEARBY_SEARCH_PATH) {
      return send(response, 404, "text/plain", "Not found\n");
    }
    this.#touched++;
    switch (mode) {
      case "stall":
        return;
      case "reset":
        return void request.socket.resetAndDestroy();
      case "http-500":
        return send(response, 500, "text/plain", "Internal server error\n");
      case "http-503":
        return send(response, 503, "text/plain", "Service unavailable\n");
      case "over-query-limit":
        return send(response, 200, JSON_TYPE, overQueryLimitBody());
    }
    const { key, findTowns } = this.#options;
    const body = await answerNearbySearch(url.searchParams, key, findTowns);
    const half = body.slice(0, body.length / 2);
    send(response, 200, JSON_TYPE, mode === "broken-json" ? half : body);
  }
}

function send(
  response: ServerResponse,
  status: number,
  type: string,
  body: string,
): void {
  response.writeHead(status, { "content-type": type });
  response.end(body);
}
