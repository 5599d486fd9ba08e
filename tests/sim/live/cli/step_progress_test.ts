/**
 * The progress of a drill's long steps, at a terminal that `script` of
 * util-linux makes, and elsewhere.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { StepProgress } from "../../../../sim/live/cli/step_progress.ts";
import { parseScenario } from "../../../../sim/model/scenario/parse.ts";
import { generateTopology } from "../../../../sim/model/topology/generate.ts";
import { ManualClock } from "../../../herd/net/manual_clock.ts";
import { printed } from "./printed.ts";
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

Deno.test("StepProgress tells a line every ten seconds where there is no terminal", async () => {
  const { scenario } = parseScenario(
    "topology: line:2\nsteps: [{wait: 25s}, {kill: s1}]\n",
    "long.yaml",
    (spec) => generateTopology(spec)!,
  );
  const [wait, kill] = scenario!.steps;
  const clock = new ManualClock();
  const { out } = await printed(() => {
    using progress = new StepProgress(clock, false);
    progress.begin(wait!);
    progress.hear({
      kind: "fault-begin",
      id: "cut-1",
      name: "cut-1",
      fault: "cut",
      targets: ["s0-s1\x1b"],
      settings: {},
    });
    clock.tick(24_000);
    progress.end(wait!);
    progress.begin(kill!);
    clock.tick(6_000);
    return Promise.resolve(0);
  });
  const fault = "faults: 1, the last cut on s0-s1\\x1b";
  assertEquals(out.trimEnd().split("\n"), [
    `… 10s of 25s wait 25s; ${fault}`,
    `… 20s of 25s wait 25s; ${fault}`,
    `… 6s kill s1; ${fault}`,
  ]);
});
