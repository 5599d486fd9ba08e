/**
 * The options of `deno task bench`.
 *
 * @module
 */
import { readCommandLine } from "../sim/live/cli/command_line.ts";
import { UsageError } from "../sim/live/cli/usage_error.ts";
import { table } from "../sim/model/command/table.ts";
import { hinted } from "../sim/model/suggest.ts";
import type { Section } from "./sections/section.ts";

/** What to measure, and where to write the results. */
export interface Options {
  /** The sections to run, in order. */
  readonly sections: readonly Section[];
  /** Whether to do a smoke run. */
  readonly quick: boolean;
  readonly json: boolean;
  /** The folder to write to; without it nothing is written. */
  readonly out?: string;
}

/**
 * Parses the command line; `"help"` if it asks for that.
 *
 * @param all The existing sections.
 * @param folder Where a whole run writes to.
 * @throws {UsageError} If it is invalid.
 */
export function parseOptions(
  args: readonly string[],
  all: readonly Section[],
  folder: string,
): Options | "help" {
  const { options, words: names } = readCommandLine(args, {
    string: ["out"],
    boolean: ["quick", "json"],
    takesWords: true,
  });
  if (options.help) return "help";
  const known = all.map(({ name }) => name);
  const wrong = names.find((name) => !known.includes(name));
  if (wrong !== undefined) {
    throw new UsageError(hinted(`no section "${wrong}"`, wrong, known));
  }
  const { quick, json } = options;
  const isWhole = names.length === 0 && !quick;
  const out = options.out ?? (isWhole ? folder : undefined);
  const sections = all.filter(({ name }) =>
    names.length === 0 || names.includes(name)
  );
  return { sections, quick, json, ...out !== undefined && { out } };
}

/** The text of `--help`. */
export function helpText(all: readonly Section[]): string {
  const seconds = all.reduce((sum, section) => sum + section.seconds, 0);
  const sections = table(
    all.map(({ name, title, seconds }) => [
      `  ${name}`,
      `${title} (${seconds} s)`,
    ]),
  );
  return `Measure this project, and print what came out.

Usage: deno task bench [section ...] [options]

Sections, by default all (about ${Math.ceil(seconds / 60)} min):
${sections}

Options:
  --quick       everything once and short: does it run? The figures mean little
  --out FOLDER  write results.json, RESULTS.md and plots/ there; a whole run
                writes to bench/, one of some sections or --quick nowhere
  --json        print the results as JSON
  --help        print this

Exit codes: 0 measured, however fast; 1 a section failed; 2 wrong usage; 130
interrupted. Progress is shown on standard error.
`;
}
