/**
 * `deno task herd ctl`: controls a running herd from another terminal.
 *
 * @module
 */
import { denoPlatform } from "../../../herd/net/deno_platform.ts";
import { visible } from "../../../herd/core/bytes/visible.ts";
import { textView } from "../console/console_view.ts";
import { printPlain } from "../console/line_editor.ts";
import { type FoundAddress, runningHerds } from "../ctl/address.ts";
import { askHerd } from "../ctl/ctl_client.ts";
import type { Answer } from "../ctl/protocol.ts";
import { readCommandLine } from "./command_line.ts";
import { EXIT } from "./program.ts";
import { UsageError } from "./usage_error.ts";

/** The running herd knows the commands; here only the help describes them. */
export async function ctlHelp(): Promise<string> {
  const { helpText } = await import("../../model/command/help.ts");
  return `Usage: deno task herd ctl [options] <command>

Has a running herd carry out a command, as its prompt would. Ctrl-C stops
waiting for it, and leaves the herd alone.

  --run FOLDER  the folder of the herd's run, or one in which runs have their
                folders (default logs); a herd with --no-log can't be found
  --json        print results as JSON, one per line
  --help        print this

${helpText()}

Exit codes: 0 done, 1 the command failed, 2 wrong usage, no herd found or more
than one, 130 stopped by Ctrl-C.`;
}

/** The only herd that runs there. */
async function theHerd(folder: string): Promise<FoundAddress> {
  const [herd, ...others] = await runningHerds(folder);
  if (herd === undefined) {
    throw new UsageError(
      `no herd runs that logs into ${folder} (--run FOLDER looks elsewhere)`,
    );
  }
  if (others.length === 0) return herd;
  const all = [herd, ...others].map(({ folder, topology }) =>
    `\n  --run ${folder}  (${topology})`
  );
  throw new UsageError(`${all.length} herds run, pick one:${all.join("")}`);
}

/**
 * Carries out a command line; resolves to the exit code.
 *
 * @throws {UsageError} If it is invalid, or no herd is found.
 */
export async function ctl(args: string[]): Promise<number> {
  const { options, words } = readCommandLine(args, {
    string: ["run"],
    boolean: ["json"],
    default: { run: "logs" },
    stopEarly: true,
    takesWords: true,
  });
  const { run, json } = options;
  const interrupt = new AbortController();
  const stop = () => interrupt.abort();
  const print = (text: string) => printPlain(text, stop);
  if (options.help) {
    print(await ctlHelp());
    return 0;
  }
  if (words.length === 0) throw new UsageError("no command, see --help");
  const herd = await theHerd(run);
  const view = textView(print, Deno.stdout.isTerminal() && !Deno.noColor);
  const show = (answer: Answer, line: string) => {
    if (json) print(line);
    else if (answer.event === "error") console.error(visible(answer.message));
    else if (answer.event !== "end") view.result(answer);
  };
  Deno.addSignalListener("SIGINT", stop);
  try {
    const code = await askHerd(
      denoPlatform,
      herd,
      words.join(" "),
      show,
      interrupt.signal,
    );
    return interrupt.signal.aborted ? EXIT.interrupted : code;
  } catch (error) {
    if (interrupt.signal.aborted) return EXIT.interrupted;
    const why = error instanceof Error ? error.message : String(error);
    console.error(visible(`Cannot reach the herd of ${herd.folder}: ${why}`));
    return EXIT.failed;
  } finally {
    Deno.removeSignalListener("SIGINT", stop);
  }
}
