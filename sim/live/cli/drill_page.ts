/**
 * The live page of drills' herds, one after the other, at the same address.
 *
 * @module
 */
import type { Herd } from "../herd/herd.ts";
import type { HerdPage } from "../web/herd_page.ts";
import { usageOf } from "./usage_error.ts";

/** A page that is opened for each herd, with the same port and token. */
export class DrillPage {
  readonly #onAddress: (address: string) => void;
  #port: number;
  #token: string | undefined;

  /** `onAddress` is called once, when the first herd is served. */
  constructor(port: number, onAddress: (address: string) => void) {
    this.#port = port;
    this.#onAddress = onAddress;
  }

  /**
   * Serves the page of a herd until it is closed.
   *
   * @throws {UsageError} If the port is taken.
   */
  async open(herd: Herd): Promise<HerdPage> {
    const port = this.#port;
    const token = this.#token;
    const again = token === undefined ? {} : { token };
    try {
      // The page is seldom used, and its modules take long to load.
      const { HerdPage } = await import("../web/herd_page.ts");
      const page = await HerdPage.open({ herd, port, ...again });
      this.#port = page.port;
      this.#token = page.token;
      if (token === undefined) this.#onAddress(page.address);
      return page;
    } catch (error) {
      throw usageOf(error, "--page-port: ");
    }
  }
}
