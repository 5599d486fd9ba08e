/**
 * The command line of `deno task agent`.
 *
 * @module
 */
import { given } from "../../model/given.ts";
import { AGENT_PORT } from "../../worlds/hosts/wire.ts";
import { BRING_VALUES, bringOf } from "./bring_options.ts";
import { anyText, readCommandLine } from "./command_line.ts";
import { neededSecret } from "./folders.ts";
import { hostPort, isLoopback } from "./host_port.ts";
import { tlsOf } from "./tls_options.ts";
import { UsageError } from "./usage_error.ts";

const VALUES = {
  listen: (option: string, text: string) => hostPort(option, text, AGENT_PORT),
  "secret-file": anyText,
  "tls-cert": anyText,
  "tls-key": anyText,
  "log-dir": anyText,
  ...BRING_VALUES,
};

export const AGENT_HELP = `Usage: deno task agent [options]

Starts and ends servers on this machine for a workbench on another one, until
SIGINT or SIGTERM: for deno task herd and deno task scenario with --world hosts.
It starts this project's servers and the proxies on their links, or servers of
your own by --bring, and nothing else: no workbench can send a command. They end
with the workbench that wanted them, and with the agent.

  --listen HOST[:PORT]  where it listens, and the address that its servers
                        listen on (default 0.0.0.0:${AGENT_PORT})
  --secret-file FILE    a file with the secret that workbenches prove, 64 hex
                        digits (32 bytes) or more; else it is taken from
                        HERD_SECRET
  --tls-cert FILE       its certificate, PEM
  --tls-key FILE        and the key of it
  --insecure            listen by plain text for other machines: who is on the
                        way can take a connection over
  --log-dir FOLDER      where its servers write their logs (default: nowhere;
                        those that are brought print to the workbench's)
  --bring COMMAND       servers of your own in place of this project's: what
                        starts one, such as "python3 server.py {name}"; there
                        is {name}, {host}, {port} and {peers_json}; see
                        docs/your-server.md. Give it to all agents
  --folder FOLDER       the folder that they are in, of which each workbench
                        gets a copy (default: the working folder); if it has a
                        herd.yaml that says the command, --bring is not needed
  --isolate WAY         what stands before the network: shim or netns (default:
                        shim for Python and Node, else netns)
  --help                print this

Exit codes: 0 fine, 2 wrong usage or port, 3 internal error.
`;

/**
 * Parses a command line; `"help"` if it asks for that.
 *
 * @throws {UsageError} If it is invalid.
 */
export function parseAgentArguments(args: string[]) {
  const { options } = readCommandLine(args, {
    values: VALUES,
    boolean: ["insecure"],
  });
  if (options.help) return "help";
  const { listen: address = { hostname: "0.0.0.0", port: AGENT_PORT } } =
    options;
  const tls = tlsOf(options);
  if (tls === undefined && !options.insecure && !isLoopback(address.hostname)) {
    throw new UsageError(
      "other machines would come by plain text: give --tls-cert and --tls-key, " +
        "or --insecure",
    );
  }
  const secret = neededSecret(options["secret-file"], "the");
  const { "log-dir": logDirectory, bring, folder, isolate } = options;
  return {
    address,
    secret,
    ...given({
      tls,
      logDirectory,
      /** Servers in place of this project's. */
      bring: bringOf({ bring, folder, isolate }),
    }),
  };
}
