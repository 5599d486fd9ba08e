/**
 * The command line of `deno task agent`.
 *
 * @module
 */
import type { Address, TlsIdentity } from "../../../herd/net/platform.ts";
import { AGENT_PORT } from "../../worlds/hosts/wire.ts";
import { readCommandLine } from "./command_line.ts";
import { herdSecret } from "./folders.ts";
import { hostPort, isLoopback } from "./host_port.ts";
import { tlsOf } from "./tls_options.ts";
import { UsageError } from "./usage_error.ts";

const STRINGS = [
  "listen",
  "secret-file",
  "tls-cert",
  "tls-key",
  "log-dir",
] as const;

export const AGENT_HELP = `Usage: deno task agent [options]

Starts and ends servers on this machine for a workbench on another one, until
SIGINT or SIGTERM: for deno task herd and deno task scenario with --world hosts.
It starts this project's servers and the proxies on their links, and nothing
else. They end with the workbench that wanted them, and with the agent.

  --listen HOST[:PORT]  where it listens, and the address that its servers
                        listen on (default 0.0.0.0:${AGENT_PORT})
  --secret-file FILE    a file with the secret that workbenches prove, 64 hex
                        digits (32 bytes) or more; else it is taken from
                        HERD_SECRET
  --tls-cert FILE       its certificate, PEM
  --tls-key FILE        and the key of it
  --insecure            listen by plain text for other machines: who is on the
                        way can take a connection over
  --log-dir FOLDER      where its servers write their logs (default: nowhere)
  --help                print this

Exit codes: 0 fine, 2 wrong usage or port, 3 internal error.
`;

/** The arguments of a command line. */
export interface AgentArguments {
  readonly address: Address;
  readonly secret: string;
  readonly tls?: TlsIdentity;
  readonly logDirectory?: string;
}

/**
 * Parses a command line; `"help"` if it asks for that.
 *
 * @throws {UsageError} If it is invalid.
 */
export function parseAgentArguments(args: string[]): AgentArguments | "help" {
  const { options } = readCommandLine(args, {
    string: STRINGS,
    boolean: ["insecure"],
  });
  if (options.help) return "help";
  const address = hostPort("listen", options.listen ?? "0.0.0.0", AGENT_PORT);
  const tls = tlsOf(options);
  if (tls === undefined && !options.insecure && !isLoopback(address.hostname)) {
    throw new UsageError(
      "other machines would come by plain text: give --tls-cert and --tls-key, " +
        "or --insecure",
    );
  }
  const secret = herdSecret(options["secret-file"]);
  if (secret === undefined) {
    throw new UsageError(
      "the secret is missing: --secret-file FILE, or HERD_SECRET",
    );
  }
  const { "log-dir": logDirectory } = options;
  return {
    address,
    secret,
    ...tls && { tls },
    ...logDirectory !== undefined && { logDirectory },
  };
}
