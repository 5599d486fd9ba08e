/**
 * Replies as an assignment wants them, put as the protocol has them.
 *
 * @module
 */
import type { ManifestDialect } from "../../model/manifest.ts";

/** The forms of replies that a manifest tells. */
export class ReplyForms {
  readonly #at: RegExp | undefined;
  readonly #unknown: string | undefined;
  readonly #bad: string | undefined;

  /** Those of a dialect. */
  constructor({ at, unknown_client, bad_line }: ManifestDialect = {}) {
    this.#at = at === undefined ? undefined : matcherOf(at);
    this.#unknown = unknown_client;
    this.#bad = bad_line;
  }

  /** A reply to a command as the protocol has it; as it came, if it is so. */
  read(command: string, reply: string): string {
    const [first = "", ...rest] = reply.split("\n");
    const line = first.trimEnd();
    const at = this.#at?.exec(line)?.groups;
    if (at) {
      // What a form may leave out is nothing that anybody looks for.
      const { server = "unknown", difference = "+0" } = at;
      const { client, position, time } = at;
      const text = `AT ${server} ${difference} ${client} ${position} ${time}`;
      return [text, ...rest].join("\n");
    }
    const isWhatsat = /^\s*WHATSAT\s/.test(command);
    const refusals = [isWhatsat ? this.#unknown : undefined, this.#bad];
    return refusals.some((form) => is(form, command, line))
      ? `? ${command}\n`
      : reply;
  }
}

/** Whether a line is what a template makes of a command. */
function is(
  form: string | undefined,
  command: string,
  line: string,
): boolean {
  if (form === undefined) return false;
  const [, client = ""] = command.trim().split(/\s+/);
  const values: Record<string, string> = { line: command, client };
  const made = form.replaceAll(/\{(\w+)\}/g, (_, name) => values[name]!);
  return line === made.trimEnd();
}

/** What matches the lines of a template, with a group for each placeholder. */
function matcherOf(form: string): RegExp {
  const text = form.replaceAll(/\{(\w+)\}|([^{]+)|\{/g, (whole, name) => {
    if (name === undefined) return RegExp.escape(whole);
    return name === "position"
      ? "(?<position>[+-][\\d.]+[+-][\\d.]+)"
      : `(?<${name}>\\S+?)`;
  });
  return new RegExp(`^${text}$`);
}
