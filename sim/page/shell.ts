/**
 * The frame around the views: routing, notices, the connection's state, and the
 * animation frames.
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
import { Listeners } from "./listeners.ts";
import { Store } from "./store.ts";
import { BatchStream, type Connection } from "./stream.ts";
import { TimeLine } from "./time.ts";
import { waitingText } from "./waiting.ts";

const NOTICE_MS = 6_000;
/** The label of each state of the connection. */
const WORDS: Readonly<Record<Connection, string>> = {
  connecting: "Connecting",
  open: "Live",
  lost: "No answer",
};
/**
 * A longer pause between frames means that the tab was hidden, or the machine
 * slept.
 */
const ELAPSED_MS_MAX = 1_000;

export class Shell implements App {
  readonly api: Api;
  readonly store: Store = new Store();
  readonly time: TimeLine = new TimeLine(this.store);
  readonly #views: ReadonlyMap<string, View>;
  readonly #frames = new Listeners<[elapsedMs: number]>();
  readonly #stream: BatchStream;
  readonly #retellers = new Listeners();
  herd: HerdInfo | null = null;
  /** The connection's state, and when something last arrived. */
  #heard: { state: Connection; isHeard: boolean; atMs: number } = {
    state: "connecting",
    isHeard: false,
    atMs: performance.now(),
  };
  waiting: string | undefined;
  followed: readonly string[] = [];
  /** The address of the mounted view. */
  #routed: string | undefined;
  #mounted:
    | { name: string; title: string; view: Mounted; end: AbortController }
    | undefined;

  /** Shows nothing before {@linkcode start}. */
  constructor(api: Api, views: ReadonlyMap<string, View>) {
    this.api = api;
    this.#views = views;
    this.#stream = new BatchStream({
      batch: (batch) => this.#take(batch),
      connection: (state) => this.#showConnection(state),
    }, { ask: api.fetch });
  }

  start(): void {
    this.#listTabs();
    addEventListener("hashchange", () => this.#route());
    this.#route();
    void this.#stream.run();
    let beforeMs = performance.now();
    const frame = (nowMs: number) => {
      const elapsedMs = Math.min(Math.max(0, nowMs - beforeMs), ELAPSED_MS_MAX);
      beforeMs = nowMs;
      this.time.tick(elapsedMs);
      this.#showWaiting(nowMs);
      this.store.flush();
      this.#frames.tell(elapsedMs);
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  }

  onFrame(listener: (elapsedMs: number) => void, signal?: AbortSignal): void {
    this.#frames.add(listener, signal);
  }

  follow(clients: readonly string[]): void {
    if (clients.join(" ") === this.followed.join(" ")) return;
    this.followed = [...clients];
    this.#stream.follow(clients);
    this.#retellers.tell();
    this.store.touch();
  }

  /**
   * Calls `listener` when a run has to be told otherwise: other clients are
   * followed, or another herd than before has answered.
   */
  onRetell(listener: () => void): void {
    this.#retellers.add(listener);
  }

  navigate(hash: string): void {
    location.hash = hash;
    // At once: the next key may be pressed before the browser reports the
    // change.
    this.#route();
  }

  notice(text: string, kind: "info" | "error" = "info"): void {
    const shown = make("p", { class: `notice ${kind}` }, text);
    byId("notices").append(shown);
    setTimeout(() => shown.remove(), NOTICE_MS);
  }

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
      ...[...this.#views].map(([name, { title }]) =>
        make("a", { href: addressOf(name), "data-view": name }, title)
      ),
    );
  }

  #route(): void {
    if (location.hash === this.#routed) return;
    this.#routed = location.hash;
    const { view: asked, params } = addressed(location.hash);
    const [first] = this.#views.keys();
    const name = this.#views.has(asked) ? asked : first!;
    const view = this.#views.get(name)!;
    for (const tab of byId("tabs").children) {
      const isShown = tab.getAttribute("data-view") === name;
      tab.ariaCurrent = isShown ? "page" : null;
    }
    if (this.#mounted?.name === name) {
      return this.#mounted.view.update(params);
    }
    this.#mounted?.end.abort();
    const root = byId("view");
    const { title } = view;
    root.replaceChildren(make("h1.unseen", title));
    root.dataset["view"] = name;
    document.title = this.#titled(title);
    const end = new AbortController();
    const { signal } = end;
    const mounted = view.mount({ root, app: this, params, signal });
    this.#mounted = { name, title, view: mounted, end };
    document.documentElement.dataset["ready"] = name;
  }

  #titled(title: string): string {
    return this.herd === null ? title : `${title} · ${this.herd.topology}`;
  }

  #take(batch: Batch): void {
    if (!this.store.live.latest.servers.size) {
      document.documentElement.dataset["heard"] = "";
    }
    this.#heard = { state: "open", isHeard: true, atMs: performance.now() };
    this.store.append(batch);
  }

  #showConnection(state: Connection): void {
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
    if (text === this.waiting) return;
    this.waiting = text;
    const banner = byId("banner");
    banner.hidden = text === undefined;
    banner.textContent = text ?? "";
    // Shown, but not announced every second by screen readers.
    const live = heard.state === "lost" ? "assertive" : "off";
    banner.setAttribute("aria-live", live);
    this.store.touch();
  }

  /**
   * Asks which herd is at this address: after a break it may be another one.
   */
  async #meet(): Promise<void> {
    const herd = await this.attempt(() => this.api.get<HerdInfo>("/api/herd"));
    if (herd === undefined) return;
    const before = this.herd?.startedMs;
    this.herd = herd;
    byId("herd-name").textContent = herd.topology;
    const mode = herd.mode === undefined ? "" : ` · ${herd.mode}`;
    const about = `${counted(herd.servers.length, "server")}${mode}`;
    byId("herd-about").textContent = about;
    if (this.#mounted) document.title = this.#titled(this.#mounted.title);
    if (before !== undefined && before !== herd.startedMs) {
      this.store.forget();
      this.#stream.restart();
    }
    if (before !== herd.startedMs) this.#retellers.tell();
    this.store.touch();
  }
}
