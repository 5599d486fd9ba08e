/**
 * The step `churn`: one server after another, by chance, is killed and revived.
 *
 * @module
 */
import { count } from "../../model/count.ts";
import { formatDuration } from "../../model/duration.ts";
import type { Random } from "../../model/random.ts";
import type { FaultAction } from "../../model/steps/faults.ts";
import type { ChurnStep } from "../../model/steps/churn.ts";
import type { Step } from "../../model/scenario/scenario.ts";
import type { TimedAction } from "../../model/scenario/actions.ts";
import type { Outcome, Stage } from "./stage.ts";

/**
 * Kills and revives servers, and ends with all of them up again. Whom it kills,
 * and how often, follows from the seed alone.
 */
export async function runChurn(
  step: ChurnStep & Step,
  stage: Stage,
): Promise<Outcome> {
  const churn = new Churn(step, stage);
  await churn.run();
  const { killed, passedOver, longestMs, actions } = churn;
  if (killed.length === 0) {
    const actual = `${count(passedOver, "server")} chosen, none of them up`;
    return { failure: { expected: "a server to kill", actual } };
  }
  const byServer = Object.entries(Object.groupBy(killed, (name) => name))
    .map(([name, all = []]) => `${name} ${all.length}`)
    .toSorted();
  return {
    note: `${count(killed.length, "kill")} (${byServer.join(", ")}), ` +
      `each revived within ${formatDuration(longestMs)}` +
      (passedOver === 0 ? "" : `, ${passedOver} passed over`),
    // What was cut short is planned anew, from the same seed.
    ...!stage.haveFaultsEnded && { actions: [actions] },
  };
}

class Churn {
  readonly killed: string[] = [];
  /** Servers that some other step had taken down. */
  passedOver = 0;
  longestMs = 0;
  /** Kills and revivals, one after the other. */
  readonly actions: TimedAction[] = [];
  readonly #step: ChurnStep;
  readonly #stage: Stage;
  readonly #random: Random;
  readonly #startMs: number;

  constructor(step: ChurnStep & Step, stage: Stage) {
    this.#step = step;
    this.#stage = stage;
    this.#startMs = stage.clock.nowMs();
    this.#random = stage.random.of(step);
  }

  async run(): Promise<void> {
    const { everyMs, durationMs, downMs, servers } = this.#step;
    const stage = this.#stage;
    const choices = servers.includes("all") ? stage.herd.names : servers;
    for (let dueMs = 0; dueMs < durationMs; dueMs += everyMs) {
      const server = this.#random.pick(choices);
      await stage.wait(
        Math.max(0, this.#startMs + dueMs - stage.clock.nowMs()),
      );
      if (stage.haveFaultsEnded) break;
      if (!stage.up().includes(server)) {
        this.passedOver++;
        continue;
      }
      this.killed.push(server);
      await this.#timed("kill", server);
      await stage.wait(downMs);
      // It may have been healed meanwhile.
      const isDown = stage.herd.status().some(({ name, state }) =>
        name === server && state === "stopped"
      );
      if (!isDown) continue;
      const tookMs = await this.#timed("revive", server);
      this.longestMs = Math.max(this.longestMs, tookMs);
    }
  }

  async #timed(kind: "kill" | "revive", server: string): Promise<number> {
    const atMs = this.#stage.clock.nowMs() - this.#startMs;
    await this.#stage.herd[kind](server);
    const tookMs = this.#stage.clock.nowMs() - this.#startMs - atMs;
    const action: FaultAction = { kind, servers: [server] };
    this.actions.push({ atMs, tookMs, action });
    return tookMs;
  }
}
