/**
 * The step `churn`: one server after another, by chance, is killed and revived.
 *
 * @module
 */
import { nowMs } from "../../herd/net/clock.ts";
import { count } from "../model/describe.ts";
import { formatDuration } from "../model/duration.ts";
import type { Random } from "../model/random.ts";
import { lostText } from "../model/report.ts";
import type { ChurnStep, Step } from "../model/scenario.ts";
import type { Outcome, Stage } from "./stage.ts";

/** How long the herd may take to recover from one kill. */
const RECOVERY_MS_MAX = 10_000;

/** Fixes acknowledged so shortly ago may be on their way. */
const ON_THE_WAY_MS = 100;

const POLL_MS = 20;

/**
 * Kills and revives servers, and ends with all of them up again. Whom it kills,
 * and how often, follows from the seed alone.
 *
 * Faults come one at a time: the next kill waits until the herd has recovered
 * from the one before, that is, until no acknowledged fix is on some servers
 * and missing on others. Else a fix that one server heard while its only
 * neighbour was down could die with it, and no herd can help that.
 */
export async function runChurn(
  step: ChurnStep & Step,
  stage: Stage,
): Promise<Outcome> {
  const churn = new Churn(step, stage);
  const failure = await churn.run();
  const { killed, passedOver, longestMs } = churn;
  if (failure !== undefined) return failure;
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
  };
}

class Churn {
  readonly killed: string[] = [];
  /** Servers that some other step had taken down. */
  passedOver = 0;
  longestMs = 0;
  readonly #step: ChurnStep;
  readonly #stage: Stage;
  readonly #random: Random;

  constructor(step: ChurnStep & Step, stage: Stage) {
    this.#step = step;
    this.#stage = stage;
    this.#random = stage.random(step);
  }

  /** Resolves to a failure if the herd does not recover. */
  async run(): Promise<Outcome | undefined> {
    const { everyMs, durationMs, servers } = this.#step;
    const stage = this.#stage;
    const choices = servers.includes("all") ? stage.herd.names : servers;
    const startMs = nowMs();
    for (let dueMs = 0; dueMs < durationMs; dueMs += everyMs) {
      const server = this.#random.pick(choices);
      await stage.wait(Math.max(0, startMs + dueMs - nowMs()));
      if (!stage.up().includes(server)) {
        this.passedOver++;
        continue;
      }
      const failure = await this.#recovered();
      if (failure !== undefined) return failure;
      await this.#killAndRevive(server);
    }
    return await this.#recovered();
  }

  async #killAndRevive(server: string): Promise<void> {
    this.killed.push(server);
    await this.#stage.kill(server);
    await this.#stage.wait(this.#step.downMs);
    const startMs = nowMs();
    await this.#stage.revive(server);
    this.longestMs = Math.max(this.longestMs, nowMs() - startMs);
  }

  /** Waits until every fix that some server holds is on all that are up. */
  async #recovered(): Promise<Outcome | undefined> {
    const stage = this.#stage;
    const endMs = nowMs() + RECOVERY_MS_MAX;
    while (true) {
      const beforeMs = nowMs() - ON_THE_WAY_MS;
      const held = await stage.held(stage.up());
      const { lost } = stage.ledger.judge(held, 0, beforeMs);
      const [partly, ...more] = lost.filter(({ heldBy }) => heldBy.length > 0);
      if (partly === undefined) return undefined;
      if (nowMs() > endMs) {
        const rest = more.length === 0 ? "" : `\nand ${more.length} more`;
        return {
          failure: {
            expected: `every server caught up within ${
              formatDuration(RECOVERY_MS_MAX)
            } of the kill of ${this.killed.at(-1)}`,
            actual: lostText(partly) + rest,
          },
        };
      }
      await stage.wait(POLL_MS);
    }
  }
}
