/**
 * The step `churn`: one server after another, by chance, is killed and revived.
 *
 * @module
 */
import { nowMs } from "../../herd/net/clock.ts";
import { count } from "../model/describe.ts";
import { formatDuration } from "../model/duration.ts";
import type { ChurnStep, Step } from "../model/scenario.ts";
import type { Outcome, Stage } from "./stage.ts";

/**
 * Kills and revives servers, and ends with all of them up again. Whom it kills,
 * and how often, follows from the seed alone: a revival that takes longer than
 * the time to the next kill puts that off, and a server that some other step
 * has taken down is passed over.
 */
export async function runChurn(
  step: ChurnStep & Step,
  stage: Stage,
): Promise<Outcome> {
  const { everyMs, downMs, durationMs, servers } = step;
  const random = stage.random(step);
  const choices = servers.includes("all") ? stage.herd.names : servers;
  const killed: string[] = [];
  let passedOver = 0;
  let longestMs = 0;
  const startMs = nowMs();
  for (let dueMs = 0; dueMs < durationMs; dueMs += everyMs) {
    const server = random.pick(choices);
    await stage.wait(Math.max(0, startMs + dueMs - nowMs()));
    if (!stage.up().includes(server)) {
      passedOver++;
      continue;
    }
    killed.push(server);
    await stage.kill(server);
    await stage.wait(downMs);
    const revivedMs = nowMs();
    await stage.revive(server);
    longestMs = Math.max(longestMs, nowMs() - revivedMs);
  }
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
