/**
 * The conditions that a run's figures depend on.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { given } from "../../sim/model/given.ts";
import type { Machine } from "../report/results.ts";
import type { Processes } from "./processes.ts";

const BYTES_PER_GIB = 2 ** 30;

/** This machine, and the programs on it that are measured. */
export async function thisMachine(processes: Processes): Promise<Machine> {
  const commit = await commitOf(processes);
  const redis = await versionOf(processes, "redis-server");
  const nats = await versionOf(processes, "nats-server");
  return {
    cpu: await cpuName(processes),
    cores: navigator.hardwareConcurrency,
    memoryGiB: Math.round(Deno.systemMemoryInfo().total / BYTES_PER_GIB),
    os: `${Deno.build.os} ${Deno.osRelease()} ${Deno.build.arch}`,
    deno: Deno.version.deno,
    ...given({ commit, redis, nats }),
  };
}

/**
 * By running a program: Deno reads files in `/proc` only with all permissions.
 */
async function cpuName(processes: Processes): Promise<string> {
  const text = await outputOf(processes, "cat", ["/proc/cpuinfo"]);
  const name = /^model name\s*: (.+)$/m.exec(text ?? "")?.[1];
  return name ?? `${Deno.build.arch} processor`;
}

async function versionOf(
  processes: Processes,
  command: string,
): Promise<string | undefined> {
  const text = await outputOf(processes, command, ["--version"]);
  return /\bv=?:?\s*(\d[\w.]*)/.exec(text ?? "")?.[1];
}

async function commitOf(processes: Processes): Promise<string | undefined> {
  const folder = fileURLToPath(new URL("../..", import.meta.url));
  const git = (...args: string[]) =>
    outputOf(processes, "git", ["-C", folder, ...args]);
  const commit = (await git("rev-parse", "--short=12", "HEAD"))?.trim();
  if (commit === undefined) return undefined;
  const changed = await git("status", "--porcelain", "--", ":!bench/results*");
  return changed?.trim() === "" ? commit : `${commit}+`;
}

/** A program's output; `undefined` if it fails or is not installed. */
async function outputOf(
  processes: Processes,
  command: string,
  args: readonly string[],
): Promise<string | undefined> {
  try {
    return await processes.output(command, args);
  } catch {
    return undefined;
  }
}
