/**
 * The logic of the prompt: completion, history, and shortening of long answers.
 *
 * @module
 */
import type { Given } from "../../model/web/routes.ts";

/** Completes a text as far as it is unambiguous, as a shell does. */
export function completed(
  text: string,
  { completions, word }: Given<"complete">,
) {
  if (!text.endsWith(word)) return { text, choices: [] };
  let common = completions[0] ?? word;
  for (const completion of completions) {
    while (!completion.startsWith(common)) common = common.slice(0, -1);
  }
  if (!common.startsWith(word)) common = word;
  const choices = completions.length > 1
    ? completions.map((completion) => completion.trimEnd())
    : [];
  return {
    /** The text, extended as far as all possibilities agree. */
    text: text.slice(0, text.length - word.length) + common,
    /** The possibilities, if there are several. */
    choices,
  };
}

/** The lines typed before, and the position among them. */
export class History {
  readonly #lines: string[];
  readonly #linesMax: number;
  #at: number;
  /** What was being typed when the user went back. */
  #draft = "";

  /** `lines` are of an earlier session, oldest first. */
  constructor(lines: readonly string[] = [], linesMax = 200) {
    this.#lines = lines.slice(-linesMax);
    this.#linesMax = linesMax;
    this.#at = this.#lines.length;
  }

  /** Oldest first. */
  get lines(): readonly string[] {
    return this.#lines;
  }

  /**
   * Adds a line unless it is empty or repeats the last one, and goes to the
   * end.
   */
  add(line: string): void {
    if (line.trim() !== "" && this.#lines.at(-1) !== line) {
      this.#lines.push(line);
      if (this.#lines.length > this.#linesMax) this.#lines.shift();
    }
    this.#at = this.#lines.length;
    this.#draft = "";
  }

  /** The previous line. What is being typed is kept. */
  back(typed: string): string {
    if (this.#at === this.#lines.length) this.#draft = typed;
    this.#at = Math.max(0, this.#at - 1);
    return this.#lines[this.#at] ?? typed;
  }

  /** The next line; at the end, what was being typed. */
  on(typed: string): string {
    if (this.#at === this.#lines.length) return typed;
    this.#at++;
    return this.#lines[this.#at] ?? this.#draft;
  }
}

/** The first lines of a long text, and how many more there are. */
export function bounded(
  text: string,
  linesMax: number,
): { readonly head: string; readonly left: number } {
  const lines = text.split("\n");
  return {
    head: lines.slice(0, linesMax).join("\n"),
    left: Math.max(0, lines.length - linesMax),
  };
}

/** What `log -f` is to follow. */
export interface Followed {
  readonly server: string;
  /** Only lines that contain this text; empty for all. */
  readonly text: string;
}

/**
 * Parses `log -f …`, which the log card carries out; `undefined` for other
 * lines.
 */
export function followed(line: string): Followed | undefined {
  const found = /^\s*log\s+-f\s+(\S+)(?:\s+\d+)?(?:\s+(\S.*?))?\s*$/.exec(line);
  return found === null
    ? undefined
    : { server: found[1]!, text: found[2] ?? "" };
}
