/**
 * One line of a terminal that is written anew while something goes on, and that
 * is gone when there is something to tell.
 *
 * @module
 */
import { visible } from "../../../herd/core/bytes/visible.ts";

/** As wide as most terminals are. */
const COLUMNS = 80;

/** The line, where standard output is a terminal. */
export class StatusLine {
  #isShown = false;

  /** Writes the line, in place of what it said. */
  show(text: string): void {
    // A terminal that does not know its width says 0.
    const columns = Deno.consoleSize().columns || COLUMNS;
    write(`\r\x1b[K${visible(text).slice(0, columns - 1)}`);
    this.#isShown = true;
  }

  /** Takes the line off the terminal. */
  clear(): void {
    if (this.#isShown) write("\r\x1b[K");
    this.#isShown = false;
  }
}

function write(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(text));
}
