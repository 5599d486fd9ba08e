/**
 * Kills a process when this one is gone. Most end by themselves, for their input
 * does; one that is stopped does not notice.
 *
 * @module
 */

/** Ends with its own input: by a line it is told that it is not needed any more. */
const SCRIPT = 'read -r _ || kill -9 "$0"';

/** A watch over one process, until it is called off. */
export class DeathWatch {
  readonly #shell: Deno.ChildProcess;

  /** Begins it. */
  constructor(pid: number) {
    this.#shell = new Deno.Command("sh", {
      args: ["-c", SCRIPT, String(pid)],
      stdin: "piped",
      // Ctrl-C in a terminal is for who started this alone.
      detached: true,
    }).spawn();
  }

  /** Calls it off. */
  async end(): Promise<void> {
    const input = this.#shell.stdin.getWriter();
    await input.write(new TextEncoder().encode("\n")).catch(() => {});
    await input.close().catch(() => {});
    await this.#shell.status;
  }
}
