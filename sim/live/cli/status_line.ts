/**
 * A line of a terminal that is rewritten while something goes on, and cleared
 * before other output.
 *
 * @module
 */
import { visible } from "../../../herd/core/bytes/visible.ts";

/** The width of most terminals. */
const COLUMNS = 80;

/** The line, if standard output is a terminal. */
export class StatusLine {
  #isShown = false;

  /** Writes the line, in place of its old text. */
  show(text: string): void {
    // A terminal that does not know its width reports 0.
    const columns = Deno.consoleSize().columns || COLUMNS;
    write(`\r\x1b[K${visible(text).slice(0, columns - 1)}`);
    this.#isShown = true;
  }

  clear(): void {
    if (this.#isShown) write("\r\x1b[K");
    this.#isShown = false;
  }
}

function write(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(text));
}
