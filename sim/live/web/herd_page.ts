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
export type HerdPage = Awaited<ReturnType<typeof openHerdPage>>;

/**
 * Starts serving.
 *
 * @throws {Error} If the port is taken.
 */
export async function openHerdPage(options: HerdPageOptions) {
  const { platform } = options.herd;
  const ways = new OpenWays(options);
  const { handlers } = ways;
  const web = await WebServer.open({ ...options, platform, handlers });
  const close = async (): Promise<void> => {
    ways.stop();
    await Promise.all([web.close(), ways.end()]);
  };
  return {
    /** The address to open, with the token. */
    address: web.page,
    port: web.port,
    /** Needed for changes. */
    token: web.token,
    /** How many clients watch the herd. */
    get watchers(): number {
      return ways.watch.size;
    },
    /** Stops serving, disconnects watchers, and interrupts drills. */
    close,
    [Symbol.asyncDispose]: close,
  };
}
