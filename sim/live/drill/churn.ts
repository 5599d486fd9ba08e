/**
 * The step `churn`: one server after another, by chance, is killed and revived.
 *
 * @module
 */
import { count } from "../../model/count.ts";
import { formatDuration } from "../../model/duration.ts";
import type { FaultAction } from "../../model/steps/faults.ts";
import type { ChurnStep } from "../../model/steps/churn.ts";
import type { Step } from "../../model/scenario/scenario.ts";
import type { TimedAction } from "../../model/scenario/actions.ts";
import { failed } from "./outcomes.ts";
import type { Outcome, Stage } from "./stage.ts";

/**
 * Kills and revives servers, and ends with all of them up again. Whom it kills,
 * and how often, follows from the seed alone.
 */
export async function runChurn(
  step: ChurnStep & Step,
  stage: Stage,
): Promise<Outcome> {
  const { killed, passedOver, longestMs, actions } = await churn(step, stage);
  if (killed.length === 0) {
    const actual = `${count(passedOver, "server")} chosen, none of them up`;
    return failed("a server to kill", actual);
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

async function churn(step: ChurnStep & Step, stage: Stage) {
  const { everyMs, durationMs, downMs, servers } = step;
  const { clock, herd } = stage;
  const startMs = clock.nowMs();
  const random = stage.random.of(step);
  const killed: string[] = [];
  /** Servers that some other step had taken down. */
  let passedOver = 0;
  let longestMs = 0;
  /** Kills and revivals, one after the other. */
  const actions: TimedAction[] = [];
  const timed = async (kind: "kill" | "revive", server: string) => {
    const atMs = clock.nowMs() - startMs;
    await herd[kind](server);
    const tookMs = clock.nowMs() - startMs - atMs;
    const action: FaultAction = { kind, servers: [server] };
    actions.push({ atMs, tookMs, action });
    return tookMs;
  };
  const choices = servers.includes("all") ? herd.names : servers;
  for (let dueMs = 0; dueMs < durationMs; dueMs += everyMs) {
    const server = random.pick(choices);
    await stage.waitUntil(startMs + dueMs);
    if (stage.haveFaultsEnded) break;
    if (!stage.up().includes(server)) {
      passedOver++;
      continue;
    }
    killed.push(server);
    await timed("kill", server);
    await stage.wait(downMs);
    // It may have been healed meanwhile.
    if (!stage.inState("stopped").includes(server)) continue;
    const tookMs = await timed("revive", server);
    longestMs = Math.max(longestMs, tookMs);
  }
  return { killed, passedOver, longestMs, actions };
}
