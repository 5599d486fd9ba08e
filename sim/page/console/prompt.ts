/**
 * What a prompt does with a line that is typed: its completion, its history,
 * and how much of an answer is shown.
 *
 * @module
 */

/** What `GET /api/complete` tells. */
export interface Completions {
  /** The ways to go on with the word; each has a space behind it. */
  readonly completions: readonly string[];
  /** The word that they replace. */
  readonly word: string;
}

/** A text that was completed. */
export interface Completed {
  /** The text, as far as all ways agree. */
  readonly text: string;
  /** The ways, where there are several. */
  readonly choices: readonly string[];
}

/** Goes on with a text as far as there is one way, as a shell does. */
export function completed(
  text: string,
  { completions, word }: Completions,
): Completed {
  if (!text.endsWith(word)) return { text, choices: [] };
  let common = completions[0] ?? word;
  for (const completion of completions) {
    while (!completion.startsWith(common)) common = common.slice(0, -1);
  }
  if (!common.startsWith(word)) common = word;
  const choices = completions.length > 1
    ? completions.map((completion) => completion.trimEnd())
    : [];
  return { text: text.slice(0, text.length - word.length) + common, choices };
}

/** The lines that were typed before, and where one is among them. */
export class History {
  readonly #lines: string[];
  readonly #linesMax: number;
  #at: number;
  /** What was being typed when a person went back. */
  #draft = "";

  /** Lines of before, oldest first. */
  constructor(lines: readonly string[] = [], linesMax = 200) {
    this.#lines = lines.slice(-linesMax);
    this.#linesMax = linesMax;
    this.#at = this.#lines.length;
  }

  /** The lines, oldest first. */
  get lines(): readonly string[] {
    return this.#lines;
  }

  /** A line was entered. */
  add(line: string): void {
    if (line.trim() !== "" && this.#lines.at(-1) !== line) {
      this.#lines.push(line);
      if (this.#lines.length > this.#linesMax) this.#lines.shift();
    }
    this.#at = this.#lines.length;
    this.#draft = "";
  }

  /** The line before the one shown; what is typed is kept. */
  back(typed: string): string {
    if (this.#at === this.#lines.length) this.#draft = typed;
    this.#at = Math.max(0, this.#at - 1);
    return this.#lines[this.#at] ?? typed;
  }

  /** The line after the one shown; at the end what was being typed. */
  on(typed: string): string {
    if (this.#at === this.#lines.length) return typed;
    this.#at++;
    return this.#lines[this.#at] ?? this.#draft;
  }
}

/** A long text: its first lines, and how many are left. */
export function bounded(
  text: string,
  linesMax: number,
): { readonly head: string; readonly left: number } {
  let end = -1;
  for (let lines = 0; lines < linesMax; lines++) {
    end = text.indexOf("\n", end + 1);
    if (end < 0) return { head: text, left: 0 };
  }
  const rest = text.slice(end + 1);
  if (rest === "") return { head: text, left: 0 };
  return { head: text.slice(0, end), left: rest.split("\n").length };
}

/** What `log -f` asks to follow. */
export interface Followed {
  /** The server. */
  readonly server: string;
  /** What a line must have in it; empty: nothing. */
  readonly text: string;
}

/** Whether a line asks to follow a log: that is done beside the prompt. */
export function followed(line: string): Followed | undefined {
  const found = /^\s*log\s+-f\s+(\S+)(?:\s+\d+)?(?:\s+(\S.*?))?\s*$/.exec(line);
  return found === null
    ? undefined
    : { server: found[1]!, text: found[2] ?? "" };
}
