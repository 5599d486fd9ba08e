/**
 * The live page of a running herd, and its HTTP API.
 *
 * @module
 */
import type { Commands } from "../commands/commands.ts";
import type { Herd } from "../herd/herd.ts";
import { OpenWays } from "./herd_ways.ts";
import { WebServer } from "./web_server.ts";

export interface HerdPageOptions {
  readonly herd: Herd;
  readonly commands: Commands;
  /** 0 for a free one. */
  readonly port: number;
  /** Needed for changes; a random one by default. */
  readonly token?: string;
  /** Called to stop the herd; without it clients can't. */
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
   * Starts serving.
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

  get port(): number {
    return this.#web.port;
  }

  /** Needed for changes. */
  get token(): string {
    return this.#web.token;
  }

  /** How many clients watch the herd. */
  get watchers(): number {
    return this.#ways.watch.size;
  }

  /** Stops serving, disconnects watchers, and interrupts drills. */
  async close(): Promise<void> {
    this.#ways.stop();
    this.#web.close();
    await this.#ways.end();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
