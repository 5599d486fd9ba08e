/**
 * Serves the live page and the HTTP API of a herd, on loopback only.
 *
 * It uses Node's HTTP server, which reports how much of an answer is still
 * unsent, limits connections, and closes idle ones.
 *
 * @module
 */
import {
  createServer,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import type { Platform } from "../../../herd/net/platform.ts";
import type { Asked, RouteName } from "../../model/web/routes.ts";
import { EventStream } from "./event_stream.ts";
import { refusalOf } from "./guard.ts";
import { Libraries } from "./libraries.ts";
import { type PageFile, Pages } from "./pages.ts";
import { findRoute, type Found, type Handlers, readAsked } from "./router.ts";
import { RouteError } from "./route_error.ts";

const HOSTNAME = "127.0.0.1";
const TOKEN_BYTES = 32;
const CONNECTIONS_MAX = 256;
const BODY_BYTES_MAX = 1_048_576;
/** The time limit for receiving a request. */
const REQUEST_MS_MAX = 10_000;
const REQUESTS_LOOK_MS = 1_000;

/** The page loads nothing from elsewhere, and can't be framed. */
const PAGE_POLICY = "default-src 'none'; script-src 'self'; " +
  "style-src 'self'; connect-src 'self'; img-src 'self' data:; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/**
 * A report contains its own script and style. It is sandboxed in an opaque
 * origin, so that nothing in it can send requests to this server.
 */
const REPORT_POLICY =
  "default-src 'none'; script-src 'unsafe-inline' blob:; worker-src blob:; " +
  "style-src 'unsafe-inline'; img-src data:; base-uri 'none'; " +
  "form-action 'none'; frame-ancestors 'none'; sandbox allow-scripts";

/** The headers of every answer. */
const HEADERS: Readonly<Record<string, string>> = {
  "cache-control": "no-store",
  "content-security-policy": PAGE_POLICY,
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};

export interface WebOptions {
  readonly platform: Platform;
  /** 0 for a free one. */
  readonly port: number;
  /** Needed for changes; a random one by default. */
  readonly token?: string;
  readonly handlers: Handlers;
}

/** A page that is served until it is closed. */
export class WebServer {
  /** Needed for changes. */
  readonly token: string;
  readonly #handlers: Handlers;
  readonly #pages = new Pages();
  readonly #libraries = new Libraries();
  readonly #stopping = new AbortController();
  readonly #server = createServer({
    headersTimeout: REQUEST_MS_MAX,
    requestTimeout: REQUEST_MS_MAX,
    connectionsCheckingInterval: REQUESTS_LOOK_MS,
  }, (request, response) => void this.#answer(request, response));

  private constructor({ platform, token, handlers }: WebOptions) {
    this.token = token ?? platform.randomBytes(TOKEN_BYTES).toHex();
    this.#handlers = handlers;
    this.#server.maxConnections = CONNECTIONS_MAX;
    // Later a busy herd may leave no time for it.
    this.#pages.prepare();
  }

  /**
   * Starts serving.
   *
   * @throws {Error} If the port is taken.
   */
  static async open(options: WebOptions): Promise<WebServer> {
    const web = new WebServer(options);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    web.#server.once("error", reject);
    web.#server.listen(options.port, HOSTNAME, resolve);
    await promise;
    return web;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** The address to open, with the token. */
  get page(): string {
    return `http://${HOSTNAME}:${this.port}/#token=${this.token}`;
  }

  /** Stops serving, and disconnects all clients. */
  async close(): Promise<void> {
    this.#stopping.abort(new RouteError(503, "the herd stops"));
    this.#server.close();
    this.#server.closeAllConnections();
    await this.#libraries[Symbol.asyncDispose]();
  }

  async #answer(
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    try {
      await this.#serve(request, response);
    } catch (error) {
      if (response.headersSent) return void response.destroy();
      const status = error instanceof RouteError ? error.status : 500;
      const message = error instanceof Error ? error.message : String(error);
      sendJson(response, status, { error: { message } });
    }
  }

  async #serve(
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const { method = "", headers } = request;
    const url = new URL(`http://${HOSTNAME}${request.url ?? "/"}`);
    const path = url.pathname;
    const refusal = refusalOf({ method, path, headers }, this.port, this.token);
    if (refusal !== undefined) throw refusal;
    if (method === "GET" && Pages.serves(path)) {
      // The page will soon need the libraries to draw with.
      if (path === "/") {
        response.once("finish", () => this.#libraries.prepare());
      }
      return sendFile(response, path, this.#pages.find(path));
    }
    if (method === "GET" && Libraries.serves(path)) {
      return sendFile(response, path, await this.#library(path));
    }
    const found = findRoute(method, path);
    const body = await bodyOf(request);
    const asked = readAsked(found, url.searchParams, body);
    await this.#carryOut(found, asked, request, response);
  }

  async #library(path: string): Promise<PageFile | undefined> {
    try {
      return await this.#libraries.find(path);
    } catch (cause) {
      const why = (cause as Error).message;
      throw new RouteError(503, why, { cause });
    }
  }

  async #carryOut(
    { name, spec, path }: Found,
    asked: Asked<RouteName>,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const gone = new AbortController();
    response.once("close", () => gone.abort(new Error("nobody waits for it")));
    const signal = AbortSignal.any([gone.signal, this.#stopping.signal]);
    const handler = this.#handlers[name] as (
      asked: Asked<RouteName>,
      signal: AbortSignal,
    ) => unknown;
    const answer = await handler(asked, signal);
    if (spec.type === undefined) {
      return sendJson(response, spec.status ?? 200, answer);
    }
    if (spec.type !== "text/event-stream") {
      return sendFile(response, path, {
        type: spec.type,
        text: answer as string,
      });
    }
    const lastId = request.headers["last-event-id"];
    const stream = new EventStream(response, HEADERS, lastId?.toString());
    (answer as (stream: EventStream) => void)(stream);
  }
}

function sendJson(
  response: ServerResponse,
  status: number,
  value: unknown,
): void {
  response.writeHead(status, {
    ...HEADERS,
    "content-type": "application/json",
  });
  response.end(`${JSON.stringify(value)}\n`);
}

function sendFile(
  response: ServerResponse,
  path: string,
  file: PageFile | undefined,
): void {
  if (file === undefined) throw new RouteError(404, `no file ${path}`);
  const isReport = path !== "/" && file.type.startsWith("text/html");
  response.writeHead(200, {
    ...HEADERS,
    ...isReport && { "content-security-policy": REPORT_POLICY },
    "content-type": file.type,
  });
  response.end(file.text);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > BODY_BYTES_MAX) {
      throw new RouteError(413, `a body may have ${BODY_BYTES_MAX} bytes`);
    }
    chunks.push(chunk);
  }
  return await new Blob(chunks).text();
}
