/**
 * The progress of a herd's start: a line on a terminal, which is cleared when
 * the herd is up.
 *
 * @module
 */
import type { HerdEvent } from "../../model/events.ts";
import { StatusLine } from "./status_line.ts";

/** Shows how many servers are up, until it is ended. */
export class StartProgress {
  readonly #servers: number;
  readonly #line = new StatusLine();
  #up = 0;
  #isShown: boolean;

  constructor(servers: number, isShown: boolean) {
    this.#servers = servers;
    this.#isShown = isShown;
  }

  hear(event: HerdEvent): void {
    if (event.kind === "start-again") this.#up = 0;
    if (event.kind !== "state" || !this.#isShown) return;
    if (event.state === "up") this.#up++;
    this.#line.show(`${this.#up} of ${this.#servers} servers are up`);
  }

  end(): void {
    this.#isShown = false;
    this.#line.clear();
  }
}
