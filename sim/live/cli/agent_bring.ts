/**
 * What an agent brings in place of this project's servers: by its own command
 * line, for no workbench can say what runs on a machine.
 *
 * @module
 */
import type { Address } from "../../../herd/net/platform.ts";
import { given } from "../../model/given.ts";
import { chooseIsolation } from "../../worlds/processes/isolation.ts";
import type { Bringing } from "../agent/agent.ts";
import type { BringArguments } from "./bring_options.ts";
import { UsageError, usageOf } from "./usage_error.ts";

/**
 * What is brought by these options.
 *
 * @throws {UsageError} If it can't run on one of several hosts.
 */
export async function bringingOf(
  { command, folder, manifest, isolation: wish }: BringArguments,
  { hostname }: Address,
): Promise<Bringing> {
  if (hostname.includes(":") && hostname !== "::") {
    throw new UsageError(
      "--bring: servers are reached by IPv4; give --listen such an address",
    );
  }
  const { isolation, text } = await chosen(command, wish ?? manifest.isolate);
  const { catches_up, dialect, ports, ready, setup, stop } = manifest;
  return {
    brings: {
      text: `${command.join(" ")}; between servers and the network: ${text}`,
      manifest: given({ catches_up, dialect, ports, ready, setup, stop }),
    },
    programs: {
      command,
      folder: Deno.realPathSync(folder),
      manifest,
      isolation,
    },
  };
}

async function chosen(
  command: readonly string[],
  wish: BringArguments["isolation"],
): ReturnType<typeof chooseIsolation> {
  try {
    const choice = await chooseIsolation(command, wish);
    if (choice.isolation !== "rewrite") return choice;
    throw new RangeError(
      "on several hosts no ports are rewritten (it would be " +
        `${choice.text}); have it take {port} and {peers_json}, or use a ` +
        "machine with network namespaces",
    );
  } catch (error) {
    throw usageOf(error, "--bring: ", [RangeError]);
  }
}
