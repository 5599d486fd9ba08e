/**
 * `deno task herd`: runs all servers of a herd, with a prompt to control them;
 * or `ctl`, which controls a herd of another terminal.
 *
 * @module
 */
import { exitCodeOf } from "./usage_error.ts";
import { enterUserFolder } from "./user_folder.ts";

const EXIT_FINE = 0;

/** Runs a command line; resolves to the exit code. */
export async function main(args: string[]): Promise<number> {
  try {
    // A script may call `ctl` many times, and the modules of a herd, which it
    // does not need, take longer to load than everything it does.
    if (args[0] === "ctl") {
      const { ctl } = await import("./ctl_main.ts");
      return await ctl(args.slice(1));
    }
    const { herd } = await import("./run_herd.ts");
    await herd(args);
    return EXIT_FINE;
  } catch (error) {
    return exitCodeOf(error);
  }
}

// A worker that hangs would keep the process and its sockets open for ever.
if (import.meta.main) {
  enterUserFolder();
  Deno.exit(await main(Deno.args));
}
