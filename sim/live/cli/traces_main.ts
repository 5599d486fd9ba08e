/**
 * `deno task traces`: sends the traces of updates in finished runs to a
 * collector, from their reports.
 *
 * @module
 */
import { visible } from "../../../herd/core/bytes/visible.ts";
import { denoPlatform } from "../../../herd/net/deno_platform.ts";
import { count } from "../../model/count.ts";
import { type History, readHistory } from "../../model/history.ts";
import type { RunRecord } from "../../model/report/run_record.ts";
import { exportTraces } from "../report/otlp_export.ts";
import { readCommandLine } from "./command_line.ts";
import { otlpUrl } from "./otlp_option.ts";
import { EXIT, programOf } from "./program.ts";
import { orUsage, UsageError } from "./usage_error.ts";
import { runProgram } from "./user_folder.ts";

export const TRACES_HELP =
  `Usage: deno task traces <report folder>... --otlp URL

Sends the ways of all updates of a run, as spans of OpenTelemetry, to a
collector such as Jaeger, from the report that deno task scenario --report has
written.
Times are those of the run: its history is taken to begin when it was started.

  --otlp URL   the collector: http://127.0.0.1:4318
  --help       print this

Exit codes: 0 sent, 1 a collector did not take them, 2 wrong usage, or no report
there, 3 internal error.
`;

interface Run {
  readonly folder: string;
  readonly history: History;
  readonly startedMs: number;
}

function runIn(folder: string): Run {
  const read = (name: string) => Deno.readTextFileSync(`${folder}/${name}`);
  return orUsage(() => {
    const { startedAt }: Partial<RunRecord> = JSON.parse(read("results.json"));
    const startedMs = Date.parse(startedAt ?? "");
    if (Number.isNaN(startedMs)) {
      throw new SyntaxError("results.json does not say when it was started");
    }
    return { folder, history: readHistory(read("history.jsonl")), startedMs };
  }, `${folder} is no folder of a report: `);
}

async function send(run: Run, url: URL): Promise<boolean> {
  try {
    const { history, startedMs } = run;
    const spans = await exportTraces(history, startedMs, url, denoPlatform);
    const told = `${run.folder}: ${count(spans, "span")} to ${url}`;
    console.log(visible(told));
    return true;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    console.error(visible(`${run.folder}: not sent: ${error.message}`));
    return false;
  }
}

function parseTracesArguments(args: string[]) {
  const { options, words: folders } = readCommandLine(args, {
    values: { otlp: otlpUrl },
    takesWords: true,
  });
  if (options.help) return "help";
  if (folders.length === 0) throw new UsageError("no folder is named");
  const { otlp: url } = options;
  if (!url) throw new UsageError("--otlp URL says where to");
  // All folders are checked before the first is sent.
  return { runs: folders.map(runIn), url };
}

const main = programOf(
  TRACES_HELP,
  parseTracesArguments,
  async ({ runs, url }) => {
    let areAllSent = true;
    for (const run of runs) areAllSent = await send(run, url) && areAllSent;
    return areAllSent ? EXIT.fine : EXIT.failed;
  },
);

if (import.meta.main) await runProgram(main);
