/**
 * The live page of a running herd, and its HTTP API.
 *
 * @module
 */
import type { Commands } from "../commands/commands.ts";
import type { Herd } from "../herd/herd.ts";
import { OpenWays } from "./herd_ways.ts";
import { WebServer } from "./web_server.ts";

/** What is served, and where. */
export interface HerdPageOptions {
  /** The herd. */
  readonly herd: Herd;
  /** What can be done to it. */
  readonly commands: Commands;
  /** The port; 0 stands for a free one. */
  readonly port: number;
  /** Lets change things; a fresh one by default. */
  readonly token?: string;
  /** Somebody wants the herd to stop; without it nobody can. */
  readonly onQuit?: () => void;
}

/** The page of a herd, served until it is closed. */
export class HerdPage implements AsyncDisposable {
  readonly #web: WebServer;
  readonly #ways: OpenWays;

  private constructor(web: WebServer, ways: OpenWays) {
    this.#web = web;
    this.#ways = ways;
  }

  /**
   * Serves from now on.
   *
   * @throws {Error} If the port is taken.
   */
  static async open(options: HerdPageOptions): Promise<HerdPage> {
    const { herd: { platform }, port, token } = options;
    const ways = new OpenWays(options);
    const web = await WebServer.open({
      platform,
      port,
      handlers: ways.handlers,
      ...token !== undefined && { token },
    });
    return new HerdPage(web, ways);
  }

  /** The address to open, with the token. */
  get address(): string {
    return this.#web.page;
  }

  /** The port that it listens on. */
  get port(): number {
    return this.#web.port;
  }

  /** Lets change things. */
  get token(): string {
    return this.#web.token;
  }

  /** How many watch the herd. */
  get watchers(): number {
    return this.#ways.watch.size;
  }

  /** Serves no more, whoever watches, and ends the drills that run. */
  async close(): Promise<void> {
    this.#ways.stop();
    this.#web.close();
    await this.#ways.end();
  }

  /** As {@linkcode HerdPage.close}. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
