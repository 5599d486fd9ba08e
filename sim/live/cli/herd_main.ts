/**
 * `deno task herd`: runs all servers of a herd, with a prompt to control them;
 * or `ctl`, which controls a herd of another terminal.
 *
 * @module
 */
import { EXIT, exitCodeOf } from "./program.ts";
import { runProgram } from "./user_folder.ts";

async function herdOrCtl(args: string[]): Promise<number> {
  // A script may call `ctl` many times, and the modules of a herd, which it
  // does not need, take longer to load than everything it does.
  if (args[0] === "ctl") {
    const { ctl } = await import("./ctl_main.ts");
    return await ctl(args.slice(1));
  }
  const { herd } = await import("./run_herd.ts");
  await herd(args);
  return EXIT.fine;
}

/** Runs a command line; resolves to the exit code. */
export function main(args: string[]): Promise<number> {
  return exitCodeOf(herdOrCtl(args));
}

if (import.meta.main) await runProgram(main);
