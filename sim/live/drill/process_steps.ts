/**
 * The steps that do something to servers.
 *
 * @module
 */
import { given } from "../../model/given.ts";
import type { Random } from "../../model/random.ts";
import { courseOf, type FaultStep } from "../../model/steps/server_faults.ts";
import { chosen } from "../../model/faults/targets.ts";
import { oneAction } from "../../model/scenario/actions.ts";
import type { Herd } from "../herd/herd.ts";
import type { Outcome, Stage } from "./stage.ts";

/**
 * Does something to servers, to all of them at once.
 *
 * @param random Chooses them, where the step has a mode.
 * @param onBack Hears of what takes it back, if its duration does.
 */
export async function inflict(
  step: FaultStep,
  stage: Stage,
  random: Random,
  onBack: (step: FaultStep) => void = () => {},
): Promise<Outcome> {
  const { kind, mode = "all" } = step;
  const all = step.servers.includes("all")
    ? stage.inState(...courseOf(kind).from)
    : step.servers;
  const servers = chosen(all, mode, random);
  const leftOut = step.servers.includes("all") ? stage.inState("starting") : [];
  const notes = leftOut.map((name) => `${name} is left out: it is starting`);
  // A share of none is a fault that hits nobody, and is told as that.
  if (all.length > 0) await act({ ...step, servers }, stage.herd, onBack);
  if (servers.length === 0) {
    const why = all.length > 0 ? "on nothing" : "no server is in that state";
    return { note: [why, ...notes].join("; "), actions: [] };
  }
  const { mode: _, ...rest } = step;
  if (mode !== "all") notes.unshift(servers.join(", "));
  return {
    ...notes.length > 0 && { note: notes.join("; ") },
    actions: oneAction({ ...rest, servers }),
  };
}

async function act(
  step: FaultStep,
  herd: Herd,
  onBack: (step: FaultStep) => void,
): Promise<void> {
  const { kind, servers, durationMs, id } = step;
  const options = given({ durationMs, id });
  switch (kind) {
    case "revive":
    case "resume":
      await Promise.all(servers.map((name) => herd[kind](name)));
      return;
    case "restart":
      await herd.restart(servers, options);
      return;
    default: {
      const { back } = courseOf(kind).lasting!;
      const tell = (servers: readonly string[]) =>
        onBack({ kind: back, servers });
      await herd.faults.processes.down(kind, servers, options, tell);
    }
  }
}
