/**
 * The options of `deno task bench`.
 *
 * @module
 */
import { parseArgs } from "@std/cli";
import { hintFor } from "../sim/model/suggest.ts";
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

/** What to run, what to print instead, or what is wrong. */
export type Parsed =
  | { readonly kind: "run"; readonly options: Options }
  | { readonly kind: "help"; readonly text: string }
  | { readonly kind: "bad"; readonly why: string };

/**
 * Parses the command line.
 *
 * @param all The existing sections.
 * @param folder Where a whole run writes to.
 */
export function parseOptions(
  args: readonly string[],
  all: readonly Section[],
  folder: string,
): Parsed {
  const unknown: string[] = [];
  const parsed = parseArgs([...args], {
    string: ["out"],
    boolean: ["quick", "json", "help"],
    unknown(argument) {
      const isOption = argument.startsWith("-");
      if (isOption) unknown.push(argument);
      return !isOption;
    },
  });
  if (parsed.help) return { kind: "help", text: helpText(all) };
  if (unknown.length > 0) {
    return bad(`Unknown option ${unknown[0]}; see --help`);
  }
  if (parsed.out === "") return bad("--out takes a folder; see --help");
  const names = parsed._.map(String);
  for (const name of names) {
    if (all.some((section) => section.name === name)) continue;
    const known = all.map((section) => section.name);
    const hint = Object.values(hintFor(name, known)).map((it) => `, ${it}`);
    return bad(`No section "${name}"${hint.join("")}; see --help`);
  }
  const { quick, json } = parsed;
  const isWhole = names.length === 0 && !quick;
  const out = parsed.out ?? (isWhole ? folder : undefined);
  const sections = names.length === 0
    ? all
    : all.filter(({ name }) => names.includes(name));
  return {
    kind: "run",
    options: { sections, quick, json, ...out !== undefined && { out } },
  };
}

function bad(why: string): Parsed {
  return { kind: "bad", why };
}

function helpText(all: readonly Section[]): string {
  const width = Math.max(...all.map(({ name }) => name.length));
  const seconds = all.reduce((sum, section) => sum + section.seconds, 0);
  const sections = all.map(({ name, title, seconds }) =>
    `  ${name.padEnd(width)}  ${title} (${seconds} s)`
  );
  return `Measure this project, and print what came out.

Usage: deno task bench [section ...] [options]

Sections, by default all (about ${Math.ceil(seconds / 60)} min):
${sections.join("\n")}

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
