/**
 * The progress of a drill's long steps, at a terminal that `script` of
 * util-linux makes.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { NO_LINUX, unless, whyNoProgram } from "../../../skipped.ts";

const ROOT = new URL("../../../../", import.meta.url);
const DEADLINE_MS = 60_000;

const DRILL = `topology: line:2
steps:
  - parallel:
    - load: {rate: 50/s, for: 3s, clients: 5}
    - kill: s1
  - expect: {converged: all}
`;

/** Runs the drill at a terminal, and gives what was written to it. */
async function screenOf(...options: string[]): Promise<string> {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/long.yaml`, DRILL);
    const program = `"${Deno.execPath()}" run --quiet -P=herd ` +
      `sim/live/cli/scenario_main.ts ${folder}/long.yaml --no-log ` +
      options.join(" ");
    const { code, stdout } = await new Deno.Command("script", {
      args: ["-qefc", program, "/dev/null"],
      cwd: ROOT,
      env: { TERM: "xterm", NO_COLOR: "1" },
      signal: AbortSignal.timeout(DEADLINE_MS),
      stdin: "null",
      stdout: "piped",
    }).output();
    const screen = new TextDecoder().decode(stdout);
    assertEquals(code, 0, screen);
    return screen;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test({
  ...unless(
    NO_LINUX ?? whyNoProgram("script"),
    "task scenario shows on a terminal what a long step is at, and wipes it away",
  ),
  async fn() {
    const [screen, quiet] = await Promise.all([
      screenOf(),
      screenOf("--quiet"),
    ]);
    const shown = screen.split("\r\x1b[K").slice(1);
    const ofLoad = /^\ds of 3s load of 50\/s for 3s by /;
    assert(shown.some((text) => ofLoad.test(text)), JSON.stringify(screen));
    assert(
      shown.some((text) => /\d lines\/s; faults: 1, /.test(text)),
      screen,
    );
    // What is told of the step stands where the line was.
    assert(/^ +[\d.]+s +[\d.]+s +ok +load of/.test(shown.at(-1)!), screen);

    // Quiet is silent about steps that are over, not about what goes on.
    const passing = quiet.split("\r\x1b[K").slice(1);
    assert(passing.some((text) => ofLoad.test(text)), JSON.stringify(quiet));
    assert(passing.at(-1)!.startsWith("invariants: "), JSON.stringify(quiet));
  },
});
