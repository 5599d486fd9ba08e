/**
 * `deno task herd`: all servers of a herd up, and a prompt to drive them; or
 * `ctl`, which drives those of another terminal.
 *
 * @module
 */
import { exitCodeOf } from "./usage_error.ts";
import { enterUserFolder } from "./user_folder.ts";

const EXIT_FINE = 0;

/** The exit code of `deno task herd` with these arguments. */
export async function main(args: string[]): Promise<number> {
  try {
    // A script calls `ctl` again and again, and the modules of a herd, which it
    // has no need of, take longer to load than all that it does.
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

// A worker that hangs would keep the process, and its sockets, for ever.
if (import.meta.main) {
  enterUserFolder();
  Deno.exit(await main(Deno.args));
}
