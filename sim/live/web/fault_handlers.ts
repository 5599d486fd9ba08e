/**
 * The requests of the HTTP API that begin and heal faults.
 *
 * @module
 */
import * as z from "zod";
import type { Step } from "../../model/scenario/scenario.ts";
import { type AnyKind, KINDS } from "../../model/steps/kinds.ts";
import { mapsIn } from "../../model/steps/maps_in.ts";
import {
  type FaultStep,
  isFaultStep,
} from "../../model/steps/server_faults.ts";
import { hinted, suggest } from "../../model/suggest.ts";
import {
  type AnyFaultStep,
  beginFault,
  optionsOf,
} from "../drill/fault_steps.ts";
import type { FaultHandle, FaultRecord } from "../faults/fault_book.ts";
import type { Herd } from "../herd/herd.ts";
import type { Commands } from "../commands/commands.ts";
import { oneStep } from "./one_step.ts";
import { orRefused } from "./refused.ts";
import type { Handlers } from "./router.ts";
import { RouteError } from "./route_error.ts";

const FAULTS: readonly AnyKind[] = KINDS.filter(({ isFault }) => isFault);

export function faultHandlers(herd: Herd, commands: Commands) {
  const begin = async (kind: string, fields: object) => {
    checkKind(kind);
    const step = oneStep(kind, fields, herd.topology);
    const { id, targets } = await orRefused(bringAbout(step, herd));
    return { id, targets: [...targets] };
  };
  return {
    kinds: () => FAULTS.map(kindView),
    beginFault: ({ body: { kind, ...fields } }) => begin(kind, fields),
    partition: ({ body }) => begin("partition", body),
    act: ({ params: { name, act } }, signal) => {
      if (!herd.names.includes(name)) {
        const near = suggest(name, herd.names);
        const hint = near === undefined ? "" : `, did you mean ${near}?`;
        throw new RouteError(404, `no server "${name}"${hint}`);
      }
      const command = { kind: act, server: name } as const;
      return orRefused(commands.execute(command, { signal }));
    },
    healFault: async ({ params: { id } }, signal) => {
      const command = { kind: "heal", what: id } as const;
      try {
        return await orRefused(commands.execute(command, { signal }));
      } catch (error) {
        const { cause } = error as Error;
        if (!(cause instanceof RangeError)) throw error;
        throw new RouteError(404, cause.message, { cause });
      }
    },
    healAll: (_, signal) =>
      orRefused(commands.execute({ kind: "heal", what: "all" }, { signal })),
  } satisfies Partial<Handlers>;
}

function checkKind(kind: string): void {
  const names = FAULTS.map(({ name }) => name);
  if (names.includes(kind)) return;
  throw new RouteError(422, hinted(`no fault "${kind}"`, kind, names));
}

function kindView(
  { name, does, servers, isOfLinks, command, ...kind }: AnyKind,
) {
  const [[, fields] = ["", {}]] = mapsIn(kind.schema);
  const schema = z.toJSONSchema(z.strictObject(fields), { io: "input" });
  const on = servers === undefined
    ? "herd" as const
    : isOfLinks
    ? "links" as const
    : "servers" as const;
  return {
    name,
    does,
    on,
    ...command !== undefined && { usage: command.usage },
    schema: schema as Record<string, unknown>,
  };
}

async function bringAbout(
  step: Step,
  herd: Herd,
): Promise<FaultHandle | FaultRecord> {
  if (isFaultStep(step)) return await act(step, herd);
  switch (step.kind) {
    case "garbage":
      return herd.garbage(step);
    case "greedy":
      return herd.greedy(step);
    default:
      if (step.kind === "places" && step.behaviour === "none") {
        throw new RouteError(422, "behaviour: none ends a fault: heal it");
      }
      return await beginFault(
        step as AnyFaultStep & { kind: "cut" },
        herd.faults,
      );
  }
}

async function act(
  step: FaultStep,
  herd: Herd,
): Promise<FaultHandle | FaultRecord> {
  const { kind, servers } = step;
  const targets = servers.includes("all")
    ? herd.faults.around.targetsOf(servers)
    : servers;
  return await herd[kind as "kill" | "crash" | "pause" | "restart"](
    targets,
    optionsOf(step),
  );
}
