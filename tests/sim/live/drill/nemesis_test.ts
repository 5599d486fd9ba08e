import { assertEquals } from "@std/assert";
import { runNemesis } from "../../../../sim/live/drill/nemesis.ts";
import type { Stage } from "../../../../sim/live/drill/stage.ts";
import { Random } from "../../../../sim/model/random.ts";
import { generateTopology } from "../../../../sim/model/topology/generate.ts";

/** A herd of one server that takes its time to come back, and its clock. */
class SlowServer {
  readonly killedMs: number[] = [];
  #nowMs = 0;
  #upMs = 0;
  readonly #backMs: number;
  readonly #cannot: ReadonlyMap<string, string>;

  constructor(backMs: number, cannot: Record<string, string> = {}) {
    this.#backMs = backMs;
    this.#cannot = new Map(Object.entries(cannot));
  }

  get stage(): Stage {
    const stage = {
      clock: { nowMs: () => this.#nowMs },
      random: { of: () => new Random(1) },
      up: () => this.#nowMs >= this.#upMs ? ["s0"] : [],
      wait: (ms: number) => Promise.resolve(void (this.#nowMs += ms)),
      waitUntil: (ms: number) =>
        Promise.resolve(void (this.#nowMs = Math.max(this.#nowMs, ms))),
      herd: {
        names: ["s0"],
        world: { cannot: this.#cannot },
        topology: generateTopology("line:1"),
        faults: {
          around: { nemesis: () => ({ isHealed: false, end() {} }) },
          processes: { down: () => this.#kill() },
        },
      },
    };
    return stage as unknown as Stage;
  }

  #kill(): Promise<void> {
    if (this.#nowMs < this.#upMs) throw new Error("Cannot kill s0: stopped");
    this.killedMs.push(this.#nowMs);
    this.#upMs = this.#nowMs + this.#backMs;
    return Promise.resolve();
  }
}

const STEP = {
  kind: "nemesis",
  everyMs: 1_000,
  durationMs: 3_000,
  faultMs: 200,
  faults: ["kill"],
  minAlive: 0,
  where: { line: 1, column: 1 },
} as const;

Deno.test({
  name: "runNemesis() hits a server again only when it is back up",
  permissions: "none",
  async fn() {
    const server = new SlowServer(2_500);
    const { failure, actions } = await runNemesis(STEP, server.stage);
    assertEquals(failure, undefined);
    assertEquals(server.killedMs, [0, 2_500, 5_000]);
    assertEquals(
      actions?.map((branch) => branch.map(({ atMs }) => atMs)),
      [[0], [2_500], [5_000]],
    );
  },
});

Deno.test({
  name:
    "runNemesis() fails if a server is not back in time after the last fault",
  permissions: "none",
  async fn() {
    const { stage } = new SlowServer(15_000);
    const { failure } = await runNemesis(
      { ...STEP, durationMs: 1_000 },
      stage,
    );
    assertEquals(failure, {
      expected: "all servers up 10s after the last fault",
      actual: "s0 down",
    });
  },
});

Deno.test({
  name: "runNemesis() leaves out what no servers of this world can have",
  permissions: "none",
  async fn() {
    const server = new SlowServer(0, {
      clock_skew: "nobody sets their clocks",
    });
    const faults = ["kill", "clock_skew"] as const;
    const step = { ...STEP, durationMs: 5_000, faults: [...faults] };
    const { failure, note } = await runNemesis(step, server.stage);
    assertEquals(failure, undefined);
    assertEquals(note, "4 faults (kill 4); left out (clock_skew 1)");
  },
});
