/**
 * The text of `help`.
 *
 * @module
 */
import { type CommandName, COMMANDS } from "./command.ts";
import { table } from "./table.ts";

/** All commands, a line each, or the details of one. */
export function helpText(about?: CommandName): string {
  if (about === undefined) {
    return [
      table(
        Object.entries(COMMANDS).map(([name, { does }]) => [name, does]),
      ),
      "",
      "For more of one: help <command>. Tab completes names.",
    ].join("\n");
  }
  const { usage, does, examples = [], more = [] } = COMMANDS[about];
  return [
    usage,
    `  ${does}`,
    ...more.map((line) => `  ${line}`),
    ...examples.map((line) => `  e.g. ${line}`),
  ].join("\n");
}
