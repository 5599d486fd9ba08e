/**
 * The live page of a running herd, and its HTTP API.
 *
 * @module
 */
import type { AskedHerd } from "./herd_handlers.ts";
import { OpenWays } from "./herd_ways.ts";
import { type WebOptions, WebServer } from "./web_server.ts";

interface HerdPageOptions
  extends AskedHerd, Pick<WebOptions, "port" | "token"> {}

/** The page of a herd, served until it is closed. */
export class HerdPage implements AsyncDisposable {
  /** The address to open, with the token. */
  readonly address: string;
  readonly port: number;
  /** Needed for changes. */
  readonly token: string;
  readonly #web: WebServer;
  readonly #ways: OpenWays;

  private constructor(web: WebServer, ways: OpenWays) {
    this.address = web.page;
    this.port = web.port;
    this.token = web.token;
    this.#web = web;
    this.#ways = ways;
  }

  /**
   * Starts serving.
   *
   * @throws {Error} If the port is taken.
   */
  static async open(options: HerdPageOptions): Promise<HerdPage> {
    const { platform } = options.herd;
    const ways = new OpenWays(options);
    const { handlers } = ways;
    const web = await WebServer.open({ ...options, platform, handlers });
    return new HerdPage(web, ways);
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
