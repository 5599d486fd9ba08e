/**
 * What a view implements, and what it is given.
 *
 * @module
 */
/// <reference lib="dom" />
import type { Given } from "../model/web/routes.ts";
import type { Api } from "./api.ts";
import type { Store } from "./store.ts";
import type { TimeLine } from "./time.ts";

export interface View {
  readonly title: string;
  mount(site: Site): Mounted;
}

/** Where a view is shown. */
export interface Site {
  /** An element that holds the view's title only. */
  readonly root: HTMLElement;
  readonly app: App;
  readonly params: URLSearchParams;
  /** Ends all that the view starts. */
  readonly signal: AbortSignal;
}

export interface Mounted {
  /** The parameters in the address have changed. */
  update(params: URLSearchParams): void;
}

/** The herd that the page is of. */
export type HerdInfo = Given<"herd">;

export interface App {
  readonly api: Api;
  /** The herd at the time shown. */
  readonly store: Store;
  readonly time: TimeLine;
  /** `null` until the herd has answered. */
  readonly herd: HerdInfo | null;
  /**
   * What the page is waiting for, as a sentence; `undefined` when the shown
   * state is up to date.
   */
  readonly waiting: string | undefined;
  /** The clients whose updates are shown link by link. */
  readonly followed: readonly string[];
  /** Replaces the list of followed clients. */
  follow(clients: readonly string[]): void;
  /** Goes to an address within the page, such as `#/graph?server=Powell`. */
  navigate(hash: string): void;
  /** Shows a text for some seconds; screen readers announce it too. */
  notice(text: string, kind?: "info" | "error"): void;
  /**
   * Calls `listener` on each frame, with the milliseconds since the previous
   * one.
   */
  onFrame(listener: (elapsedMs: number) => void, signal?: AbortSignal): void;
  /**
   * Runs an action on the herd; a failure is shown as a notice, and gives
   * `undefined`.
   */
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

/** Parses an address of the page. */
export function addressed(
  hash: string,
): { view: string; params: URLSearchParams } {
  const [, view = "", query = ""] = /^#?\/?([^?]*)\??(.*)$/.exec(hash) ?? [];
  return { view, params: new URLSearchParams(query) };
}
