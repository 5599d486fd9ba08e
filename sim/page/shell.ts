/**
 * The page around the views: which one is shown, what is told, and the beat of
 * frames.
 *
 * @module
 */
/// <reference lib="dom" />
import type { Batch } from "../model/web/batch.ts";
import { byId, make } from "../report_page/dom.ts";
import { counted } from "../report_page/text.ts";
import { type Api, ApiError } from "./api.ts";
import {
  addressed,
  addressOf,
  type App,
  type HerdInfo,
  type Mounted,
  type View,
} from "./app.ts";
import { Store } from "./store.ts";
import { BatchStream, type Connection } from "./stream.ts";
import { TimeLine } from "./time.ts";
import { waitingText } from "./waiting.ts";

const NOTICE_MS = 6_000;
/** Whether the herd is heard, in a word. */
const WORDS: Readonly<Record<Connection["state"], string>> = {
  connecting: "Connecting",
  open: "Live",
  lost: "No answer",
};
/** A longer pause between frames: the tab was hidden, or the machine slept. */
const ELAPSED_MS_MAX = 1_000;

/** A view, loaded when it is first opened. */
export interface ViewEntry {
  /** Its place in addresses. */
  readonly name: string;
  /** Its name, for people. */
  readonly title: string;
  /** Loads it. */
  readonly load: () => Promise<View>;
}

/** The page: what its views share, and what is around them. */
export class Shell implements App {
  /** See {@linkcode App}. */
  readonly api: Api;
  /** See {@linkcode App}. */
  readonly store: Store = new Store();
  /** See {@linkcode App}. */
  readonly time: TimeLine = new TimeLine(this.store);
  readonly #views: readonly ViewEntry[];
  readonly #frames = new Set<(elapsedMs: number) => void>();
  readonly #stream: BatchStream;
  /** Hear that other clients are followed. */
  readonly #followers = new Set<() => void>();
  #herd: HerdInfo | null = null;
  /** What was heard of the herd last, and when. */
  #heard: { state: Connection["state"]; isHeard: boolean; atMs: number } = {
    state: "connecting",
    isHeard: false,
    atMs: performance.now(),
  };
  #waiting: string | undefined;
  #followed: readonly string[] = [];
  #mounted: { name: string; view: Mounted } | undefined;
  /** Which of the calls to show a view is the last: loading takes a while. */
  #calls = 0;

  /** Nothing is shown before {@linkcode start}. */
  constructor(api: Api, views: readonly ViewEntry[]) {
    this.api = api;
    this.#views = views;
    this.#stream = new BatchStream({
      batch: (batch) => this.#take(batch),
      connection: (connection) => this.#showConnection(connection),
    });
  }

  /** See {@linkcode App}. */
  get herd(): HerdInfo | null {
    return this.#herd;
  }

  /** See {@linkcode App}. */
  get waiting(): string | undefined {
    return this.#waiting;
  }

  /** See {@linkcode App}. */
  get followed(): readonly string[] {
    return this.#followed;
  }

  /** Shows the page, and listens to the herd. */
  start(): void {
    this.#listTabs();
    addEventListener("hashchange", () => void this.#route());
    void this.#route();
    void this.#stream.run();
    let beforeMs = performance.now();
    const frame = (nowMs: number) => {
      const elapsedMs = Math.min(Math.max(0, nowMs - beforeMs), ELAPSED_MS_MAX);
      beforeMs = nowMs;
      this.time.tick(elapsedMs);
      this.#showWaiting(nowMs);
      this.store.flush();
      for (const listener of this.#frames) listener(elapsedMs);
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  }

  /** See {@linkcode App}. */
  onFrame(listener: (elapsedMs: number) => void): () => void {
    this.#frames.add(listener);
    return () => this.#frames.delete(listener);
  }

  /** See {@linkcode App}. */
  follow(clients: readonly string[]): void {
    if (clients.join(" ") === this.#followed.join(" ")) return;
    this.#followed = [...clients];
    this.#stream.follow(clients);
    for (const listener of this.#followers) listener();
    this.store.touch();
  }

  /** Is called when other clients are followed. */
  onFollow(listener: () => void): void {
    this.#followers.add(listener);
  }

  /** See {@linkcode App}. */
  navigate(hash: string): void {
    location.hash = hash;
  }

  /** See {@linkcode App}. */
  notice(text: string, kind: "info" | "error" = "info"): void {
    const shown = make("p", { class: `notice ${kind}` }, text);
    byId("notices").append(shown);
    setTimeout(() => shown.remove(), NOTICE_MS);
  }

  /** See {@linkcode App}. */
  async attempt<T>(act: () => Promise<T>): Promise<T | undefined> {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.notice(error.message, "error");
      return undefined;
    }
  }

  #listTabs(): void {
    byId("tabs").append(
      ...this.#views.map(({ name, title }) =>
        make("a", { href: addressOf(name), "data-view": name }, title)
      ),
    );
  }

  async #route(): Promise<void> {
    const { view: name, params } = addressed(location.hash);
    const entry = this.#views.find((it) => it.name === name) ?? this.#views[0]!;
    for (const tab of byId("tabs").children) {
      const isShown = tab.getAttribute("data-view") === entry.name;
      if (isShown) tab.setAttribute("aria-current", "page");
      else tab.removeAttribute("aria-current");
    }
    if (this.#mounted?.name === entry.name) {
      return this.#mounted.view.update?.(params);
    }
    const call = ++this.#calls;
    const view = await entry.load().catch((error: Error) => {
      this.notice(
        `${entry.title} can't be loaded: ${error.message}. Reload the page.`,
        "error",
      );
    });
    if (view === undefined || call !== this.#calls) return;
    this.#mounted?.view.unmount();
    const root = byId("view");
    root.replaceChildren();
    root.dataset["view"] = entry.name;
    document.title = this.#titled(entry.title);
    this.#mounted = { name: entry.name, view: view.mount(root, this, params) };
    document.documentElement.dataset["ready"] = entry.name;
  }

  #titled(title: string): string {
    return this.#herd === null ? title : `${title} · ${this.#herd.topology}`;
  }

  #take(batch: Batch): void {
    if (!this.store.live.latest.servers.size) {
      document.documentElement.dataset["heard"] = "";
    }
    this.#heard = { state: "open", isHeard: true, atMs: performance.now() };
    this.store.append(batch);
  }

  #showConnection({ state }: Connection): void {
    document.documentElement.dataset["connection"] = state;
    byId("connection").textContent = WORDS[state];
    if (state !== this.#heard.state) {
      this.#heard = { state, isHeard: false, atMs: performance.now() };
    }
    if (state === "open") void this.#meet();
  }

  #showWaiting(nowMs: number): void {
    const { atMs, ...heard } = this.#heard;
    const forMs = nowMs - atMs;
    const text = this.store.shown.isFile
      ? undefined
      : waitingText({ ...heard, forMs });
    if (text === this.#waiting) return;
    this.#waiting = text;
    const banner = byId("banner");
    banner.hidden = text === undefined;
    banner.textContent = text ?? "";
    // Seconds that go by are to be seen, and not to be read out one by one.
    const live = heard.state === "lost" ? "assertive" : "off";
    banner.setAttribute("aria-live", live);
    this.store.touch();
  }

  /** Asks who is at this address: after a break it may be another herd. */
  async #meet(): Promise<void> {
    const herd = await this.attempt(() => this.api.get<HerdInfo>("/api/herd"));
    if (herd === undefined) return;
    const before = this.#herd?.startedMs;
    this.#herd = herd;
    byId("herd-name").textContent = herd.topology;
    const mode = herd.mode === undefined ? "" : ` · ${herd.mode}`;
    const about = `${counted(herd.servers.length, "server")}${mode}`;
    byId("herd-about").textContent = about;
    const shown = this.#views.find(({ name }) => name === this.#mounted?.name);
    if (shown !== undefined) document.title = this.#titled(shown.title);
    if (before !== undefined && before !== herd.startedMs) {
      this.store.forget();
      this.#stream.restart();
    }
    this.store.touch();
  }
}
