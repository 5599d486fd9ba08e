/**
 * The herd's HTTP API, as the page asks it.
 *
 * @module
 */
/// <reference lib="dom" />
import { SseReader } from "./sse.ts";

const TOKEN = "herd-token";

/** The herd refused, or could not be reached. Its message is for people. */
export class ApiError extends Error {
  /** The class's name, as errors print it. */
  override readonly name = "ApiError";

  /** The status of HTTP; 0: it did not answer. */
  readonly status: number;

  /** What the herd said. */
  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

/** Asks the herd that served the page, or the one that runs in it. */
export class Api {
  /** How it is asked. */
  readonly fetch: typeof fetch;
  readonly #token: string | null;

  /**
   * Without a token it may look, and change nothing.
   *
   * @param ask How it is asked; over the network by default.
   */
  constructor(token: string | null, ask?: typeof fetch) {
    this.#token = token;
    this.fetch = ask ?? ((...given) => fetch(...given));
    this.isInPage = ask !== undefined;
  }

  /** Whether the herd runs in the page: then no other tab can ask it. */
  readonly isInPage: boolean;

  /** Shows a file of a herd that runs in the page, in a tab of its own. */
  async show(path: string): Promise<void> {
    const response = await this.fetch(path);
    if (!response.ok) throw new ApiError("There is no such file.", 404);
    open(URL.createObjectURL(await response.blob()), "_blank");
  }

  /** Hears what a stream of events tells, until it ends. */
  async events(
    path: string,
    hear: (data: string) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const headers = { accept: "text/event-stream" };
    const response = await this.fetch(path, { headers, signal });
    if (!response.ok || response.body === null) return;
    const reader = new SseReader();
    const decoder = new TextDecoder();
    for await (const chunk of response.body) {
      const text = decoder.decode(chunk, { stream: true });
      for (const { data } of reader.feed(text)) hear(data);
    }
  }

  /** Reads. */
  get<T>(path: string): Promise<T> {
    return this.#ask("GET", path);
  }

  /** Does something; by the signal it is no longer waited for. */
  post<T>(
    path: string,
    body?: unknown,
    signal?: AbortSignal,
  ): Promise<T> {
    return this.#ask("POST", path, body ?? {}, signal);
  }

  /** Takes something back. */
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
    const answer = text === "" ? undefined : parsed(text);
    if (response.ok) return answer as T;
    if (response.status === 401) throw new ApiError(NO_TOKEN, 401);
    const { error } = (answer ?? {}) as { error?: { message?: string } };
    const message = error?.message ?? `The herd answered ${response.status}.`;
    throw new ApiError(message, response.status);
  }
}

const NO_TOKEN = "This page may look, but change nothing: open the address " +
  "that the herd printed when it started, with all that stands behind the #.";

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * The token of the printed address. It is taken out of the address at once, and
 * kept for this tab only.
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
