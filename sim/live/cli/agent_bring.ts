/**
 * What an agent brings in place of this project's servers: by its own command
 * line, for no workbench can say what runs on a machine.
 *
 * @module
 */
import { denoPlatform } from "../../../herd/net/deno_platform.ts";
import type { Address } from "../../../herd/net/platform.ts";
import { chooseIsolation } from "../../worlds/processes/isolation.ts";
import type { Bringing } from "../agent/agent.ts";
import { Google } from "../herd/bring.ts";
import type { BringArguments } from "./bring_options.ts";
import { UsageError } from "./usage_error.ts";

/** With the places service that stands in for Google on this machine. */
export interface OpenBringing extends AsyncDisposable {
  readonly bringing: Bringing;
}

/**
 * Opens it.
 *
 * @throws {UsageError} If it can't run on one of several hosts.
 */
export async function openBringing(
  { command, folder, manifest, isolation: wish }: BringArguments,
  { hostname }: Address,
): Promise<OpenBringing> {
  if (hostname.includes(":") && hostname !== "::") {
    throw new UsageError(
      "--bring: servers are reached by IPv4; give --listen such an address",
    );
  }
  const { isolation, text } = await chosen(command, wish ?? manifest.isolate);
  const google = await Google.open(denoPlatform);
  const { catches_up, dialect, ports, ready, setup, stop } = manifest;
  return {
    bringing: {
      brings: {
        text: `${command.join(" ")}; between servers and the network: ${text}`,
        manifest: {
          ...catches_up !== undefined && { catches_up },
          ...dialect && { dialect },
          ...ports && { ports },
          ...ready !== undefined && { ready },
          ...setup && { setup },
          ...stop && { stop },
        },
      },
      programs: {
        command,
        folder: Deno.realPathSync(folder),
        manifest,
        isolation,
        ...google.surroundings,
      },
    },
    [Symbol.asyncDispose]: () => google[Symbol.asyncDispose](),
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
    if (!(error instanceof RangeError)) throw error;
    throw new UsageError(`--bring: ${error.message}`, { cause: error });
  }
}
