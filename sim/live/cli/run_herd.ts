/**
 * Runs a herd with a prompt, as a command line asks.
 *
 * @module
 */
import { given } from "../../model/given.ts";
import { abortable } from "@std/async";
import { denoPlatform } from "../../../herd/net/deno_platform.ts";
import { Deadline } from "../../../herd/net/timing.ts";
import {
  neighboursOf,
  PORT_MAX,
  type Topology,
} from "../../model/topology/topology.ts";
import { Commands } from "../commands/commands.ts";
import { CtlServer } from "../ctl/ctl_server.ts";
import { Console } from "../console/console.ts";
import {
  type ConsoleView,
  jsonView,
  textView,
} from "../console/console_view.ts";
import type { HerdEvent } from "../../model/events.ts";
import { LeaseLost } from "../../worlds/hosts/hosts.ts";
import { Herd } from "../herd/herd.ts";
import { TLS_FILE } from "../herd/log_folder.ts";
import type { HerdPage } from "../web/herd_page.ts";
import { herdSecret, makeDataFolder, makeFolder } from "./folders.ts";
import {
  HERD_HELP,
  type HerdArguments,
  parseHerdArguments,
} from "./herd_options.ts";
import {
  isInteractive,
  type LineEditor,
  pipeEditor,
  printPlain,
  terminalEditor,
} from "../console/line_editor.ts";
import { askedServers } from "./asked_servers.ts";
import { EarlyNotes } from "./early_notes.ts";
import { usageOfBrought } from "./bring_options.ts";
import { placesOf } from "./places_option.ts";
import { NotStarted, PortInUse } from "../servers/ports.ts";
import type { HerdOptions } from "../herd/start_options.ts";
import { Ended } from "./program.ts";
import { onSignals } from "./signals.ts";
import { StartProgress } from "./start_progress.ts";
import { topologyOf } from "./topology_option.ts";
import { hubOf } from "./hub_options.ts";
import { UsageError, usageOf } from "./usage_error.ts";

/** A stop takes less than 2 s in all, whatever a server does. */
const STOP_MS_MAX = 1_800;

/** Whether a user at a terminal waits for each answer. */
function isPerson({ json }: HerdArguments): boolean {
  return isInteractive() && !json;
}

/**
 * The options of the herd by the command line.
 *
 * @throws {UsageError} If they are not possible.
 */
export function herdOptions(
  args: HerdArguments,
  topology: Topology,
): HerdOptions {
  const { portBase, logDirectory: directory, logLevel: level } = args;
  const { mode, limits, world, ways, dataDir, durable } = args;
  // Servers on other hosts receive the links' secret, perhaps in plain text, so
  // it must not be the agents' own.
  const secret = args.hosts === undefined
    ? herdSecret(args.secretFile)
    : undefined;
  const hub = hubOf(args.hub ?? {}, topology.hub?.url);
  if (portBase !== undefined) {
    const last = portBase + topology.servers.length - 1;
    if (last > PORT_MAX) {
      throw new UsageError(`--port-base: the last port would be ${last}`);
    }
  }
  if (directory !== undefined) makeFolder(directory);
  if (dataDir !== undefined) makeDataFolder(dataDir, topology);
  return {
    ports: portBase ?? "topology",
    places: placesOf(args.places) ??
      (isPerson(args) ? "embedded" : "on-demand"),
    restart: args.restart,
    intensity: args.intensity,
    backoff: args.backoff,
    ...given({ mode, limits, world, ways, dataDir, durable, hub, secret }),
    ...directory !== undefined && { log: { directory, level } },
  };
}

function readyFacts(
  herd: Herd,
  topology: Topology,
  tookMs: number,
  page: string | undefined,
) {
  const servers = herd.status().map(({ name, hostname, port, ways }) => ({
    name,
    hostname,
    port,
    ...ways && { ways },
    neighbours: neighboursOf(topology, name),
  }));
  const hasTls = servers.some(({ ways }) => ways?.tls !== undefined);
  const { knownMode: mode, logDirectory: run } = herd;
  return {
    topology: topology.name,
    ...given({ mode }),
    servers,
    pid: Deno.pid,
    tookMs,
    ...given({ run }),
    ...hasTls && run !== undefined && { trust: `${run}/${TLS_FILE}` },
    ...given({ page }),
  };
}

/** Ctrl-C ends what is under way, else the herd. */
function personsEditor(
  prompt: Console,
  commands: Commands,
  stop: () => void,
): LineEditor {
  return terminalEditor({
    prompt: "herd> ",
    complete: (text) => commands.complete(text),
    onInterrupt: () => prompt.interrupt() || stop(),
  });
}

/** Reads and carries out commands until there are no more. */
async function converse(
  editor: LineEditor,
  prompt: Console,
  stopsAtEnd: boolean,
): Promise<void> {
  for await (const line of editor.lines) {
    if (!await prompt.execute(line)) return;
  }
  // A script that has ended has given all its commands, and wants the herd to
  // run; a user who presses Ctrl-D wants it to stop.
  if (!isInteractive() && !stopsAtEnd) await new Promise<never>(() => {});
}

/** Waits for a stop, but not longer than it may take. */
async function untilLate(stop: Promise<void>): Promise<void> {
  using late = new Deadline(denoPlatform.clock, STOP_MS_MAX);
  await abortable(stop, late.signal).catch((error) => {
    if (!late.signal.aborted) throw error;
  });
}

/** Runs the herd until it is asked to stop, at its start too. */
async function run(args: HerdArguments): Promise<void> {
  const asked = new AbortController();
  const stop = () => asked.abort();
  using _signals = onSignals(["SIGINT", "SIGTERM"], stop);
  try {
    await runUntil(args, asked.signal, stop);
  } catch (error) {
    if (error !== asked.signal.reason) throw error;
  }
}

/**
 * Runs the herd; rejects with the signal's reason when it is aborted, which
 * `stop` does.
 */
async function runUntil(
  args: HerdArguments,
  stopped: AbortSignal,
  stop: () => void,
): Promise<void> {
  const topology = topologyOf(args.topology);
  const options = herdOptions(args, topology);
  const interactive = isPerson(args);
  const { clock } = denoPlatform;
  const startMs = clock.nowMs();
  let print = (text: string): void => printPlain(text, stop);
  const show = (text: string): void => print(text);
  const view: ConsoleView = args.json
    ? jsonView(show)
    : textView(show, Deno.stdout.isTerminal() && !Deno.noColor);
  const notes = new EarlyNotes();
  await using asked = await askedServers(
    args,
    topology,
    notes.note,
    stopped,
  );
  const over = AbortSignal.any([stopped, ...asked?.lost ? [asked.lost] : []]);
  const early: HerdEvent[] = [];
  const progress = new StartProgress(topology.servers.length, interactive);
  const starting = Herd.start(topology, {
    ...options,
    ...asked?.options,
    onEvent(event) {
      progress.hear(event);
      if (event.kind === "connections-capped") early.push(event);
    },
  });
  const herd = await abortable(starting, over).finally(() => progress.end());
  const commands = new Commands(herd);
  const { platform, logDirectory: folder } = herd;
  const taking = { platform, topology: topology.name, commands, onQuit: stop };
  // Other terminals find the address in the run's folder.
  const remote = folder && await CtlServer.open({ ...taking, folder });
  const page = await servePage(args, herd, stop);
  const tookMs = clock.nowMs() - startMs;
  view.ready(readyFacts(herd, topology, tookMs, page?.address));
  notes.showBy((text) => view.note(text));
  for (const event of early) view.event(event);
  using heard = herd.subscribe((event) => view.event(event));
  const prompt = new Console(clock, commands, view, {
    isScripted: !interactive,
  });
  if (interactive) show("help lists the commands, Tab completes them\n");
  const editor = interactive
    ? personsEditor(prompt, commands, stop)
    : pipeEditor(stop);
  print = editor.print;
  try {
    await abortable(converse(editor, prompt, args.stopsAtEnd), over);
  } finally {
    heard[Symbol.dispose]();
    await prompt.close();
    editor.close();
    print = (text) => printPlain(text, stop);
    view.stopping();
    // A drill of the page gets no more time to stop than the herd.
    await Promise.all([
      page && untilLate(page.close().catch(() => {})),
      remote && remote.close(),
      untilLate(herd.stop()),
    ]);
  }
}

/** Serves the page for browsers and `curl`, unless it is turned off. */
async function servePage(
  { pagePort: port }: HerdArguments,
  herd: Herd,
  onQuit: () => void,
): Promise<HerdPage | undefined> {
  if (port === undefined) return undefined;
  try {
    // A quarter of all modules is for the page.
    const { openHerdPage } = await import("../web/herd_page.ts");
    return await openHerdPage({ herd, port, onQuit });
  } catch (error) {
    await untilLate(herd.stop());
    throw usageOf(error, "--page-port: ");
  }
}

/**
 * Runs a command line until the herd is asked to stop.
 *
 * @throws {UsageError} If it is invalid in a way that the user can correct.
 */
export async function herd(args: string[]): Promise<void> {
  const asked = parseHerdArguments(args);
  if (asked === "help") return printPlain(HERD_HELP.trimEnd(), () => {});
  try {
    await run(asked);
  } catch (error) {
    if (asked.bring) throw usageOfBrought(error, `topology ${asked.topology}`);
    if (error instanceof LeaseLost) {
      throw new Ended(error.message, { cause: error });
    }
    if (!(error instanceof PortInUse)) throw usageOf(error, "", [NotStarted]);
    const mend = "another herd? --port-base PORT takes other ports";
    throw new UsageError(`${error.message}; ${mend}`, { cause: error });
  }
}
