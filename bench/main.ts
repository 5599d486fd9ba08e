/**
 * `deno task bench`: how fast a server is, beside what the platform allows.
 *
 * Absolute figures depend on the machine and on what else it does, so a server
 * and a bare echo take turns, and what counts is the ratio of each two turns.
 *
 * @module
 */
import { parseArgs } from "@std/cli";
import { coreLinesPerSecond } from "./core.ts";

const HELP = `Measure the core alone, and one server against a bare echo.

Usage: deno task bench [options]

  --rounds N    turns of each (default 5)
  --ms N        milliseconds that each turn is measured for (default 2000)
  --json        print the figures as JSON
  --help        print this
`;

/** A load shape. */
interface Load {
  readonly name: string;
  readonly connections: number;
  readonly inFlight: number;
}

const LOADS: readonly Load[] = [
  { name: "pipelined", connections: 1, inFlight: 1_000 },
  { name: "unpipelined", connections: 50, inFlight: 1 },
];
const CORE_CLIENTS = 1_000;

/** A target process that is listening. */
interface Target extends AsyncDisposable {
  readonly port: number;
}

function command(
  file: string,
  args: readonly string[],
  stdin: "piped" | "null",
): Deno.Command {
  const path = new URL(file, import.meta.url).pathname;
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-prompt", "--allow-net=127.0.0.1", path]
      .concat(args),
    stdin,
    stdout: "piped",
  });
}

async function startTarget(kind: "server" | "echo"): Promise<Target> {
  const child = command("target.ts", [kind], "piped").spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const { value } = await reader.read();
  if (value === undefined) throw new Error(`The ${kind} did not start`);
  return {
    port: JSON.parse(value).port,
    async [Symbol.asyncDispose]() {
      await child.stdin.close();
      await reader.cancel();
      await child.status;
    },
  };
}

async function perSecond(
  port: number,
  load: Load,
  measureMs: number,
): Promise<number> {
  const { success, stdout } = await command("generator.ts", [
    `--port=${port}`,
    `--connections=${load.connections}`,
    `--in-flight=${load.inFlight}`,
    `--warmup-ms=${measureMs / 4}`,
    `--measure-ms=${measureMs}`,
  ], "null").output();
  if (!success) throw new Error("The load generator failed");
  return JSON.parse(new TextDecoder().decode(stdout)).perSecond;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? sorted[middle]!
    : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** What a load came to: medians of all turns. */
interface Figures {
  readonly load: string;
  /** IAMAT a second, answered by the server. */
  readonly serverPerSecond: number;
  /** The same lines a second, sent back by the echo. */
  readonly echoPerSecond: number;
  /** The median of the ratios of each two turns. */
  readonly ratio: number;
  readonly ratios: readonly number[];
}

async function measure(
  load: Load,
  rounds: number,
  measureMs: number,
): Promise<Figures> {
  const server: number[] = [];
  const echo: number[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const kind of ["server", "echo"] as const) {
      await using target = await startTarget(kind);
      const figure = await perSecond(target.port, load, measureMs);
      (kind === "server" ? server : echo).push(figure);
    }
  }
  const ratios = server.map((figure, round) => figure / echo[round]!);
  return {
    load: load.name,
    serverPerSecond: median(server),
    echoPerSecond: median(echo),
    ratio: median(ratios),
    ratios,
  };
}

function thousands(figure: number): string {
  return Math.round(figure).toLocaleString("en-US").padStart(11);
}

function show(figures: Figures): string {
  const { load, serverPerSecond, echoPerSecond, ratio, ratios } = figures;
  const [low, high] = [Math.min(...ratios), Math.max(...ratios)];
  const percent = (share: number) => `${Math.round(share * 100)} %`;
  return `${load.padEnd(12)}${thousands(serverPerSecond)} IAMAT/s` +
    `${thousands(echoPerSecond)} echoed/s   ${percent(ratio)} of the echo` +
    ` (${percent(low)} to ${percent(high)})`;
}

async function main(): Promise<void> {
  const args = parseArgs(Deno.args, {
    string: ["rounds", "ms"],
    boolean: ["json", "help"],
    default: { rounds: "5", ms: "2000" },
    unknown(argument) {
      console.error(`Unknown argument ${argument}; see --help`);
      Deno.exit(2);
    },
  });
  if (args.help) return console.log(HELP);
  const [rounds, measureMs] = [Number(args.rounds), Number(args.ms)];
  if (!(Number.isInteger(rounds) && rounds > 0 && measureMs >= 100)) {
    console.error("--rounds takes a whole number from 1, --ms one from 100");
    Deno.exit(2);
  }
  const core = coreLinesPerSecond(CORE_CLIENTS, measureMs);
  if (!args.json) console.log(`core alone  ${thousands(core)} IAMAT/s`);
  const loads: Figures[] = [];
  for (const load of LOADS) {
    const figures = await measure(load, rounds, measureMs);
    loads.push(figures);
    if (!args.json) console.log(show(figures));
  }
  if (args.json) console.log(JSON.stringify({ corePerSecond: core, loads }));
}

await main();
