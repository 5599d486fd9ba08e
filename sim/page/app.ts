/**
 * What a view is, and what it is given.
 *
 * @module
 */
/// <reference lib="dom" />
import type { Sight } from "../model/sight.ts";
import type { Api } from "./api.ts";
import type { Store } from "./store.ts";
import type { TimeLine } from "./time.ts";

/** One of the page's views. */
export interface View {
  /** Its name, for people. */
  readonly title: string;
  /** Shows it in an empty element. */
  mount(root: HTMLElement, app: App, params: URLSearchParams): Mounted;
}

/** A view that is shown. */
export interface Mounted {
  /** The address's parameters changed. */
  update?(params: URLSearchParams): void;
  /** Takes back all that it began; its element is emptied for it. */
  unmount(): void;
}

/** What `GET /api/herd` tells. */
export interface HerdInfo {
  /** The topology's name. */
  readonly topology: string;
  /** How updates are spread, where that is known. */
  readonly mode?: string;
  /** Of a drill: its seed. */
  readonly seed?: number;
  /** The servers, in the order of the topology. */
  readonly servers: readonly {
    readonly name: string;
    readonly hostname: string;
    readonly port: number;
    readonly neighbours: readonly string[];
  }[];
  /** The links. */
  readonly links: readonly { readonly a: string; readonly b: string }[];
  /** What the servers do not show, and why. */
  readonly hidden: Partial<Readonly<Record<Sight, string>>>;
  /** When it was started. */
  readonly startedMs: number;
  /** The program's version. */
  readonly version: string;
  /** Its clock. */
  readonly nowMs: number;
}

/** What views share. */
export interface App {
  /** The herd's API. */
  readonly api: Api;
  /** The herd at the time shown. */
  readonly store: Store;
  /** The time shown. */
  readonly time: TimeLine;
  /** What the herd is; `null` until it has answered. */
  readonly herd: HerdInfo | null;
  /** What the page waits for, in words; `undefined`: it shows what is. */
  readonly waiting: string | undefined;
  /** The clients whose updates are seen link by link. */
  readonly followed: readonly string[];
  /** Sees the updates of these clients link by link. */
  follow(clients: readonly string[]): void;
  /** Goes to an address of the page, such as `#/graph?server=Powell`. */
  navigate(hash: string): void;
  /** Shows a text for some seconds; it is read out, too. */
  notice(text: string, kind?: "info" | "error"): void;
  /** Is called at each frame, with the milliseconds since the one before. */
  onFrame(listener: (elapsedMs: number) => void): () => void;
  /** Does something with the herd; if it can't be done, a notice says why. */
  attempt<T>(act: () => Promise<T>): Promise<T | undefined>;
}

/** The address of a view: `#/graph?server=Powell`. */
export function addressOf(
  view: string,
  params: Record<string, string | null> | URLSearchParams = {},
): string {
  const query = params instanceof URLSearchParams
    ? params
    : new URLSearchParams(
      Object.entries(params).flatMap(([name, value]) =>
        value === null ? [] : [[name, value]]
      ),
    );
  const text = query.toString();
  return `#/${view}${text === "" ? "" : `?${text}`}`;
}

/** What an address of the page names. */
export function addressed(
  hash: string,
): { view: string; params: URLSearchParams } {
  const [, view = "", query = ""] = /^#?\/?([^?]*)\??(.*)$/.exec(hash) ?? [];
  return { view, params: new URLSearchParams(query) };
}
