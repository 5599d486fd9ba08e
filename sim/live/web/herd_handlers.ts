/**
 * The requests of the HTTP API about a running herd.
 *
 * @module
 */
import config from "../../../deno.json" with { type: "json" };
import { COMMANDS } from "../../model/command/command.ts";
import { ALL_SIGHTS, unseenText } from "../../model/sight.ts";
import { HARMS } from "../../model/steps/faults.ts";
import { neighboursOf } from "../../model/topology/topology.ts";
import type { Commands } from "../commands/commands.ts";
import { logText } from "../commands/log_text.ts";
import { resultText } from "../console/console_view.ts";
import type { Herd } from "../herd/herd.ts";
import type { HerdWatch } from "./herd_watch.ts";
import type { Asked } from "../../model/web/routes.ts";
import { metricsText } from "../../model/web/prometheus.ts";
import { herdMetrics } from "./metrics.ts";
import { orRefused } from "./refused.ts";
import type { Handlers } from "./router.ts";
import { RouteError } from "./route_error.ts";

/** The version of the workbench. */
const { version } = config;

/** The herd that requests are about. */
export interface AskedHerd {
  readonly herd: Herd;
  /** Called to stop the herd; without it clients can't. */
  readonly onQuit?: () => void;
}

/** What the handlers act on. */
interface HerdWays extends AskedHerd {
  readonly commands: Commands;
  readonly watch: HerdWatch;
}

export function herdHandlers(ways: HerdWays) {
  const { herd, commands, watch } = ways;
  const startedMs = herd.platform.clock.nowMs();
  const named = (name: string): string => {
    if (herd.names.includes(name)) return name;
    throw new RouteError(404, `no server "${name}"`);
  };
  return {
    openapi: async () =>
      JSON.parse(
        await Deno.readTextFile(new URL("./openapi.json", import.meta.url)),
      ),
    herd: () => herdFacts(herd, startedMs),
    status: () => commands.execute({ kind: "status" }),
    faults: () => commands.execute({ kind: "faults" }),
    counters: ({ params: { name } }, signal) =>
      orRefused(
        commands.execute({ kind: "counters", server: named(name) }, { signal }),
      ),
    records: ({ params: { name }, query }) =>
      orRefused(recordsOf(herd, named(name), query)),
    async log({ params: { name }, query: { lines: count, text } }, signal) {
      const command = { kind: "log", server: named(name), count } as const;
      const wanted = text === "" ? command : { ...command, text };
      const result = await orRefused(commands.execute(wanted, { signal }));
      const lines = result.event === "log" ? result.lines : [];
      return { lines: lines.map(logText) };
    },
    commands: () =>
      Object.entries(COMMANDS).map(([name, { usage, does }]) => ({
        name,
        usage,
        does,
      })),
    complete: ({ query: { text } }) => {
      const [completions, word] = commands.complete(text);
      return { completions, word };
    },
    events: ({ query: { follow } }) => {
      if (!watch.hasRoom) {
        throw new RouteError(503, "too many watch this herd already");
      }
      return (stream) => watch.watch(stream, follow);
    },
    metrics: async () => {
      watch.keep();
      return metricsText(await herdMetrics(herd, version, watch));
    },
    command: ({ body: { line } }, signal) => carryOut(line, ways, signal),
  } satisfies Partial<Handlers>;
}

async function carryOut(
  line: string,
  { commands, onQuit }: HerdWays,
  signal: AbortSignal,
) {
  const parsed = commands.parse(line);
  if (parsed === undefined) throw new RouteError(422, "no command");
  if (!parsed.ok) throw new RouteError(422, parsed.why);
  const { command } = parsed;
  if (command.kind === "log" && command.follows) {
    const message = "a log is not followed here: ask for it again";
    throw new RouteError(422, message);
  }
  if (command.kind === "quit" && onQuit === undefined) {
    throw new RouteError(409, "a drill ends by itself, or by Ctrl-C");
  }
  const result = await orRefused(commands.execute(command, { signal }));
  if (result.event === "stopping") onQuit?.();
  return { ...result, text: resultText(result) };
}

async function recordsOf(
  herd: Herd,
  server: string,
  { search, offset, limit }: Asked<"records">["query"],
) {
  const found = (await herd.records(server))
    .filter(({ client }) => client.includes(search))
    .sort((a, b) => a.client < b.client ? -1 : 1);
  const page = found.slice(offset, offset + limit);
  return {
    total: found.length,
    records: page.map(({ client, line }) => ({ client, line })),
  };
}

function herdFacts(herd: Herd, startedMs: number) {
  const { topology, knownMode: mode } = herd;
  return {
    topology: topology.name,
    ...mode !== undefined && { mode },
    servers: herd.names.map((name) => ({
      name,
      ...herd.address(name),
      neighbours: neighboursOf(topology, name),
    })),
    links: topology.links.map(([a, b]) => ({ a, b })),
    hidden: hiddenOf(herd),
    harms: HARMS,
    startedMs,
    version,
    nowMs: herd.platform.clock.nowMs(),
  };
}

/** What the servers do not show, with the reason. */
function hiddenOf({ world: { sees, name } }: Herd): Record<string, string> {
  return Object.fromEntries(
    ALL_SIGHTS.flatMap((sight) => {
      const why = unseenText([sight], sees, name);
      return why === undefined ? [] : [[sight, why]];
    }),
  );
}
