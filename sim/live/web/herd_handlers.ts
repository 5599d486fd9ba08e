/**
 * What the HTTP API does with a running herd.
 *
 * @module
 */
import { neighboursOf } from "../../model/topology/topology.ts";
import type { Commands } from "../commands/commands.ts";
import type { CommandResult } from "../commands/result.ts";
import { resultText } from "../console/console_view.ts";
import type { Herd } from "../herd/herd.ts";
import type { HerdWatch } from "./herd_watch.ts";
import type { Handlers } from "./router.ts";
import { RouteError } from "./route_error.ts";

/** What requests act on. */
export interface HerdWays {
  /** The herd. */
  readonly herd: Herd;
  /** What can be done to it. */
  readonly commands: Commands;
  /** Those who watch it. */
  readonly watch: HerdWatch;
  /** When it was started, in milliseconds since the epoch. */
  readonly startedMs: number;
  /** Which workbench it is. */
  readonly version: string;
  /** Somebody wants the herd to stop. */
  readonly onQuit: () => void;
}

/** Carries out requests on a herd. */
export function herdHandlers(ways: HerdWays): Handlers {
  const { commands, watch, onQuit } = ways;
  return {
    openapi: async () =>
      JSON.parse(
        await Deno.readTextFile(new URL("./openapi.json", import.meta.url)),
      ),
    herd: () => herdFacts(ways),
    status: () => commands.execute({ kind: "status" }),
    events: ({ query: { follow } }) => {
      if (!watch.hasRoom) {
        throw new RouteError(503, "too many watch this herd already");
      }
      return (stream) => watch.watch(stream, follow);
    },
    async command({ body: { line } }, signal) {
      const parsed = commands.parse(line);
      if (parsed === undefined) throw new RouteError(422, "no command");
      if (!parsed.ok) throw new RouteError(422, parsed.why);
      if (parsed.command.kind === "log" && parsed.command.follows) {
        const message = "a log is not followed here: ask for it again";
        throw new RouteError(422, message);
      }
      const result = await refused(
        commands.execute(parsed.command, { signal }),
      );
      if (result.event === "stopping") onQuit();
      return { ...result, text: resultText(result) };
    },
  };
}

/** What a command gives; where it can't be carried out, that is told as such. */
async function refused(result: Promise<CommandResult>): Promise<CommandResult> {
  try {
    return await result;
  } catch (error) {
    if (error instanceof RouteError || !(error instanceof Error)) throw error;
    throw new RouteError(409, error.message, { cause: error });
  }
}

function herdFacts({ herd, startedMs, version }: HerdWays) {
  const { topology, mode } = herd;
  return {
    topology: topology.name,
    mode,
    servers: herd.names.map((name) => ({
      name,
      ...herd.address(name),
      neighbours: neighboursOf(topology, name),
    })),
    links: topology.links.map(([a, b]) => ({ a, b })),
    startedMs,
    version,
    nowMs: herd.platform.clock.nowMs(),
  };
}
