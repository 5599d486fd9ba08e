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

  constructor(backMs: number) {
    this.#backMs = backMs;
  }

  get stage(): Stage {
    const stage = {
      clock: { nowMs: () => this.#nowMs },
      random: { of: () => new Random(1) },
      up: () => this.#nowMs >= this.#upMs ? ["s0"] : [],
      wait: (ms: number) => Promise.resolve(void (this.#nowMs += ms)),
      herd: {
        names: ["s0"],
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
