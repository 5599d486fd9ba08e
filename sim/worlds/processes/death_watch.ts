/**
 * Kills a process when this one is gone. Most end by themselves, for their input
 * does; one that is stopped does not notice.
 *
 * @module
 */

/** Ends with its own input: by a line it is told that it is not needed any more. */
const SCRIPT = 'read -r _ || kill -9 "$0"';

/**
 * Watches over a process from now on.
 *
 * @returns Calls it off.
 */
export function watchDeath(pid: number): () => Promise<void> {
  const shell = new Deno.Command("sh", {
    args: ["-c", SCRIPT, String(pid)],
    stdin: "piped",
    // Ctrl-C in a terminal is for who started this alone.
    detached: true,
  }).spawn();
  return async () => {
    await tellLine(shell);
    await shell.status;
  };
}

/** Tells a shell the line that it reads; it may have been killed meanwhile. */
export async function tellLine({ stdin }: Deno.ChildProcess): Promise<void> {
  const input = stdin.getWriter();
  await input.write(new TextEncoder().encode("\n")).catch(() => {});
  await input.close().catch(() => {});
}

/** Sends a signal to a process, which may have ended by itself meanwhile. */
export function signalTo(child: Deno.ChildProcess, signal: Deno.Signal): void {
  try {
    child.kill(signal);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
}
