/**
 * The page's client of the herd's HTTP API.
 *
 * @module
 */
/// <reference lib="dom" />
import { fromJson } from "./json.ts";
import { messagesIn } from "./sse.ts";

const TOKEN = "herd-token";

/**
 * The herd refused a request, or could not be reached. The message is shown to
 * the user.
 */
export class ApiError extends Error {
  override readonly name = "ApiError";

  /** The HTTP status; 0 if there was no answer. */
  readonly status: number;

  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

/**
 * Sends requests to the herd that served the page, or to the one that runs in
 * it.
 */
export class Api {
  readonly fetch: typeof fetch;
  readonly #token: string | null;

  /**
   * Without a token, requests can only read.
   *
   * @param ask What sends requests; `fetch` by default.
   */
  constructor(token: string | null, ask?: typeof fetch) {
    this.#token = token;
    this.fetch = ask ?? ((...given) => fetch(...given));
    this.isInPage = ask !== undefined;
  }

  /** Whether the herd runs in the page. Then no other tab can reach it. */
  readonly isInPage: boolean;

  /** Opens a file of a herd that runs in the page in a new tab. */
  async show(path: string): Promise<void> {
    const response = await this.fetch(path);
    if (!response.ok) throw new ApiError("There is no such file.", 404);
    open(URL.createObjectURL(await response.blob()), "_blank");
  }

  /** Passes each event of a stream to `hear` until the stream ends. */
  async events(
    path: string,
    hear: (data: string) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const headers = { accept: "text/event-stream" };
    const response = await this.fetch(path, { headers, signal });
    if (!response.ok || response.body === null) return;
    for await (const { data } of messagesIn(response.body)) hear(data);
  }

  get<T>(path: string): Promise<T> {
    return this.#ask("GET", path);
  }

  /** `signal` ends the wait for the answer. */
  post<T>(
    path: string,
    body?: unknown,
    signal?: AbortSignal,
  ): Promise<T> {
    return this.#ask("POST", path, body ?? {}, signal);
  }

  del<T>(path: string): Promise<T> {
    return this.#ask("DELETE", path, {});
  }

  async #ask<T>(
    method: string,
    path: string,
    body?: unknown,
    signal: AbortSignal | null = null,
  ): Promise<T> {
    const headers: Record<string, string> = {};
    if (body !== undefined) {
      if (this.#token === null) throw new ApiError(NO_TOKEN, 401);
      headers["content-type"] = "application/json";
      headers["authorization"] = `Bearer ${this.#token}`;
    }
    let response: Response;
    try {
      response = await this.fetch(path, {
        method,
        headers,
        signal,
        ...body === undefined ? {} : { body: JSON.stringify(body) },
      });
    } catch {
      throw new ApiError("The herd does not answer.", 0);
    }
    const text = await response.text();
    const answer = fromJson(text);
    if (response.ok) return answer as T;
    if (response.status === 401) throw new ApiError(NO_TOKEN, 401);
    const { error } = (answer ?? {}) as { error?: { message?: string } };
    const message = error?.message ?? `The herd answered ${response.status}.`;
    throw new ApiError(message, response.status);
  }
}

const NO_TOKEN = "This page may look, but change nothing: open the address " +
  "that the herd printed when it started, with all that stands behind the #.";

/**
 * The token from the printed address. It is removed from the address bar at
 * once, and kept for this tab only.
 */
export function takeToken(): string | null {
  const hash = new URLSearchParams(location.hash.slice(1));
  const given = hash.get("token");
  if (given !== null) {
    history.replaceState(null, "", location.pathname);
    sessionStorage.setItem(TOKEN, given);
  }
  return given ?? sessionStorage.getItem(TOKEN);
}
