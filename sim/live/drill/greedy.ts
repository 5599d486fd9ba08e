/**
 * The step `greedy`: clients that send as fast as servers take it.
 *
 * @module
 */
import { readAtReply } from "../../../herd/net/client.ts";
import { greedyTalk } from "../../model/faults/greedy.ts";
import { count } from "../../model/count.ts";
import type { Step } from "../../model/scenario/scenario.ts";
import type { GreedyStep } from "../../model/steps/greedy.ts";
import { operate } from "./operation.ts";
import { failed } from "./outcomes.ts";
import type { Outcome, Stage } from "./stage.ts";

/** Floods servers; some lines must be answered, and each as it must be. */
export async function runGreedy(
  step: GreedyStep & Step,
  stage: Stage,
): Promise<Outcome> {
  if (step.sends === "iamats") await tell(step, stage);
  const { over } = stage.herd.faults.around.greedy(step);
  const { sent, answered, wrong } = await over;
  const note = `${answered} of ${count(sent, "line")} answered`;
  if (wrong === 0 && (answered > 0 || step.mayFail)) return { note };
  const actual = wrong === 0
    ? note
    : `${note}, and ${count(wrong, "reply", "replies")} that began otherwise`;
  return failed("each line to be answered as it must be", actual);
}

/** What is repeated later is told first as by any client, for all to know it. */
async function tell(step: GreedyStep, stage: Stage): Promise<void> {
  const { to } = step;
  const up = stage.herd.faults.around.targetsOf(to);
  await Promise.all(up.map(async (server) => {
    const { first, again } = greedyTalk("iamats", server);
    const client = stage.herd.client(server);
    for (const line of [first!, again]) {
      const request = { f: "iamat", server, line } as const;
      const reply = await operate(request, client, stage.recorder);
      stage.ledger.acknowledge(
        readAtReply(line, reply),
        stage.clock.nowMs(),
      );
    }
    (await client).close();
  }));
}
