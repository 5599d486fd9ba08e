/**
 * `deno task bench`: runs the sections, prints and writes what they found.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { exitCodeOf } from "../sim/live/cli/program.ts";
import { runProgram } from "../sim/live/cli/user_folder.ts";
import { helpText, parseOptions } from "./options.ts";
import { draw } from "./report/draw.ts";
import { resultsMarkdown } from "./report/markdown.ts";
import {
  type Findings,
  type Results,
  RESULTS_VERSION,
  type SectionResult,
} from "./report/results.ts";
import { machineText, sectionText } from "./report/text.ts";
import { thisMachine } from "./run/machine.ts";
import { Processes } from "./run/processes.ts";
import type { Section } from "./sections/section.ts";
import { SECTIONS } from "./sections.ts";

const FOLDER = fileURLToPath(new URL(".", import.meta.url));
const PLOTS = "plots";
const INTERRUPTED = 130;
const NOTHING: Findings = {
  notes: [],
  tables: [],
  plots: [],
  figures: [],
  skipped: [],
};

/** Shows what is under way: in one line on a terminal, else line by line. */
function progress(text: string): void {
  if (!Deno.stderr.isTerminal()) return console.error(text);
  Deno.stderr.writeSync(new TextEncoder().encode(`\r\x1b[K${text}`));
}

function endProgress(): void {
  if (Deno.stderr.isTerminal()) progress("");
}

async function runSection(
  section: Section,
  quick: boolean,
  processes: Processes,
): Promise<SectionResult> {
  const { name, title } = section;
  const startMs = performance.now();
  const context = {
    quick,
    processes,
    progress: (text: string) => progress(`${name}: ${text}`),
  };
  let findings: Partial<Findings> = {};
  let failure: string | undefined;
  try {
    findings = await section.run(context);
  } catch (error) {
    failure = error instanceof Error
      ? error.stack ?? error.message
      : `${error}`;
  }
  const tookSeconds = (performance.now() - startMs) / 1_000;
  endProgress();
  return {
    name,
    title,
    tookSeconds,
    ...NOTHING,
    ...findings,
    // A smoke run is too short to be compared with targets.
    ...quick && { figures: [] },
    ...failure !== undefined && { failure },
  };
}

async function write(results: Results, folder: string): Promise<void> {
  const plots = results.sections.flatMap((section) => section.plots);
  const drawn = await draw(plots);
  await Deno.mkdir(`${folder}/${PLOTS}`, { recursive: true });
  for (const [i, { name }] of plots.entries()) {
    await Deno.writeTextFile(`${folder}/${PLOTS}/${name}.svg`, drawn[i]!);
  }
  const json = JSON.stringify(results, null, 2) + "\n";
  await Deno.writeTextFile(`${folder}/results.json`, json);
  await Deno.writeTextFile(
    `${folder}/RESULTS.md`,
    resultsMarkdown(results, PLOTS),
  );
}

async function bench(args: string[]): Promise<number> {
  const options = parseOptions(args, SECTIONS, FOLDER);
  if (options === "help") {
    console.log(helpText(SECTIONS));
    return 0;
  }
  const { sections, quick, json, out } = options;
  const processes = new Processes();
  const interrupt = () => {
    endProgress();
    processes.killAll();
    Deno.exit(INTERRUPTED);
  };
  Deno.addSignalListener("SIGINT", interrupt);
  Deno.addSignalListener("SIGTERM", interrupt);
  const startMs = performance.now();
  const startedAt = new Date().toISOString();
  const machine = await thisMachine(processes);
  const done: SectionResult[] = [];
  const resultsSoFar = (): Results => ({
    version: RESULTS_VERSION,
    startedAt,
    tookSeconds: (performance.now() - startMs) / 1_000,
    quick,
    machine,
    sections: done,
  });
  if (!json) console.log(machineText(resultsSoFar()) + "\n");
  for (const section of sections) {
    const result = await runSection(section, quick, processes);
    done.push(result);
    if (!json) console.log(sectionText(result));
  }
  const results = resultsSoFar();
  if (out !== undefined) await write(results, out);
  if (json) console.log(JSON.stringify(results));
  else if (out !== undefined) console.log(`Written: ${out}`);
  return done.some(({ failure }) => failure !== undefined) ? 1 : 0;
}

await runProgram((args) => exitCodeOf(bench(args)));
