/**
 * The steps that do something to servers.
 *
 * @module
 */
import type { ServerState } from "../../model/lifecycle.ts";
import type { Random } from "../../model/random.ts";
import type {
  FaultStep,
  ProcessFault,
} from "../../model/scenario/fault_types.ts";
import { chosen } from "../../model/faults/targets.ts";
import { oneDeed } from "../../model/scenario/deeds.ts";
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
  const { kind, mode = "all", durationMs } = step;
  const all = step.servers.includes("all")
    ? inState(stage, FROM[kind])
    : step.servers;
  const servers = chosen(all, mode, random);
  await Promise.all(servers.map((name) => stage[kind](name)));
  const back = BACK[kind];
  if (durationMs !== undefined && back !== undefined) {
    stage.later(durationMs, () => {
      const still = inState(stage, FROM[back]);
      const gone = servers.filter((name) => still.includes(name));
      if (gone.length > 0) onBack({ kind: back, servers: gone });
      return Promise.all(gone.map((name) => stage[back](name)));
    });
  }
  if (servers.length === 0) {
    return { note: "no server is in that state", deeds: [] };
  }
  const { mode: _, ...rest } = step;
  return {
    ...mode !== "all" && { note: servers.join(", ") },
    deeds: oneDeed({ ...rest, servers }),
  };
}

function inState(stage: Stage, wanted: ServerState): string[] {
  return stage.herd.status().filter(({ state }) => state === wanted)
    .map(({ name }) => name);
}

/** What takes back a fault that has a duration. */
const BACK: Partial<Record<ProcessFault, ProcessFault>> = {
  kill: "revive",
  pause: "resume",
};

/** The state of the servers that `all` stands for, by what is done to them. */
const FROM = {
  kill: "up",
  crash: "up",
  revive: "stopped",
  restart: "up",
  pause: "up",
  resume: "paused",
} as const;
