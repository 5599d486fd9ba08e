/**
 * Replies as an assignment wants them, put as the protocol has them.
 *
 * @module
 */
import type { ManifestDialect } from "../../model/manifest.ts";
import { filled } from "./command.ts";

/**
 * Reads replies in the forms that a manifest tells.
 *
 * @returns A reply to a command as the protocol has it; as it came, if it is so.
 */
export function replyForms(
  { at: form, unknown_client, bad_line }: ManifestDialect = {},
): (command: string, reply: string) => string {
  const matcher = form === undefined ? undefined : matcherOf(form);
  return (command, reply) => {
    const [first = "", ...rest] = reply.split("\n");
    const line = first.trimEnd();
    const at = matcher?.exec(line)?.groups;
    if (at) {
      // What a form may leave out is nothing that anybody looks for.
      const { server = "unknown", difference = "+0" } = at;
      const { client, position, time } = at;
      const text = `AT ${server} ${difference} ${client} ${position} ${time}`;
      return [text, ...rest].join("\n");
    }
    const isWhatsat = /^\s*WHATSAT\s/.test(command);
    const [, client = ""] = command.trim().split(/\s+/);
    const values = { line: command, client };
    const refusals = [isWhatsat ? unknown_client : undefined, bad_line]
      .filter((it) => it !== undefined);
    return refusals.some((it) => filled(it, values).trimEnd() === line)
      ? `? ${command}\n`
      : reply;
  };
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
