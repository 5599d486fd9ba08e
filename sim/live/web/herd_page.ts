/**
 * The live page of a running herd, and its HTTP API.
 *
 * @module
 */
import config from "../../../deno.json" with { type: "json" };
import type { Commands } from "../commands/commands.ts";
import type { Herd } from "../herd/herd.ts";
import { herdHandlers } from "./herd_handlers.ts";
import { HerdWatch } from "./herd_watch.ts";
import { WebServer } from "./web_server.ts";

/** What is served, and where. */
export interface HerdPageOptions {
  /** The herd. */
  readonly herd: Herd;
  /** What can be done to it. */
  readonly commands: Commands;
  /** The port; 0 stands for a free one. */
  readonly port: number;
  /** Somebody wants the herd to stop. */
  readonly onQuit: () => void;
}

/** The page of a herd, served until it is closed. */
export class HerdPage {
  readonly #web: WebServer;
  readonly #watch: HerdWatch;

  private constructor(web: WebServer, watch: HerdWatch) {
    this.#web = web;
    this.#watch = watch;
  }

  /**
   * Serves from now on.
   *
   * @throws {Error} If the port is taken.
   */
  static async open(options: HerdPageOptions): Promise<HerdPage> {
    const { herd, commands, port, onQuit } = options;
    const watch = new HerdWatch(herd);
    const startedMs = herd.platform.clock.nowMs();
    const { version } = config;
    const handlers = herdHandlers(
      { herd, commands, watch, startedMs, version, onQuit },
    );
    const { platform } = herd;
    return new HerdPage(
      await WebServer.open({ platform, port, handlers }),
      watch,
    );
  }

  /** The address to open, with the token. */
  get address(): string {
    return this.#web.page;
  }

  /** How many watch the herd. */
  get watchers(): number {
    return this.#watch.size;
  }

  /** Serves no more, whoever watches. */
  close(): void {
    this.#watch.stop();
    this.#web.close();
  }
}
