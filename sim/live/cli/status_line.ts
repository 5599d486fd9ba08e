/**
 * A line of a terminal that is rewritten while something goes on, and cleared
 * before other output.
 *
 * @module
 */
import { visible } from "../../../herd/core/bytes/visible.ts";

/** The width of most terminals. */
const COLUMNS = 80;

/** The line of a terminal, by default that of standard output. */
export class StatusLine {
  readonly #terminal: typeof Deno.stdout;
  #isShown = false;

  constructor(terminal: typeof Deno.stdout = Deno.stdout) {
    this.#terminal = terminal;
  }

  /** Writes the line, in place of its old text. */
  show(text: string): void {
    // A terminal that does not know its width reports 0.
    const columns = Deno.consoleSize().columns || COLUMNS;
    this.#write(`\r\x1b[K${visible(text).slice(0, columns - 1)}`);
    this.#isShown = true;
  }

  clear(): void {
    if (this.#isShown) this.#write("\r\x1b[K");
    this.#isShown = false;
  }

  #write(text: string): void {
    this.#terminal.writeSync(new TextEncoder().encode(text));
  }
}
