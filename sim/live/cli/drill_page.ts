/**
 * The live page of drills' herds, one after the other, at the same address.
 *
 * @module
 */
import type { Herd } from "../herd/herd.ts";
import type { HerdPage } from "../web/herd_page.ts";
import { usageOf } from "./usage_error.ts";

/**
 * What serves the page of one herd after the other, until each is closed, with
 * the same port and token.
 *
 * @param onAddress Called once, when the first herd is served.
 */
export function drillPage(
  port: number,
  onAddress: (address: string) => void,
): (herd: Herd) => Promise<HerdPage> {
  let at: { readonly port: number; readonly token?: string } = { port };
  return async (herd) => {
    try {
      // The page is seldom used, and its modules take long to load.
      const { openHerdPage } = await import("../web/herd_page.ts");
      const page = await openHerdPage({ herd, ...at });
      if (at.token === undefined) onAddress(page.address);
      at = { port: page.port, token: page.token };
      return page;
    } catch (error) {
      throw usageOf(error, "--page-port: ");
    }
  };
}
