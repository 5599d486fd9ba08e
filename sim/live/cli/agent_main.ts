/**
 * `deno task agent`: starts and ends servers on this machine for a workbench.
 *
 * @module
 */
import { denoPlatform } from "../../../herd/net/deno_platform.ts";
import { visible } from "../../../herd/core/bytes/visible.ts";
import { Agent } from "../agent/agent.ts";
import { bringingOf } from "./agent_bring.ts";
import { AGENT_HELP, parseAgentArguments } from "./agent_options.ts";
import { makeFolder } from "./folders.ts";
import { listenUsage } from "./listen_error.ts";
import { programOf } from "./program.ts";
import { onSignals } from "./signals.ts";
import { runProgram } from "./user_folder.ts";

/** Resolves when it was asked to end. */
const main = programOf(AGENT_HELP, parseAgentArguments, async (asked) => {
  const { promise: stopped, resolve: stop } = Promise.withResolvers<void>();
  using _signals = onSignals(["SIGINT", "SIGTERM"], stop);
  const { logDirectory, address, bring } = asked;
  if (logDirectory !== undefined) makeFolder(logDirectory);
  const bringing = bring && await bringingOf(bring, address);
  await using agent = await Agent.listen({
    platform: denoPlatform,
    ...asked,
    ...bringing && { bringing },
    tell: (text) => console.log(visible(text)),
  }).catch((error) => {
    throw listenUsage("listen", address, error);
  });
  console.log(`the agent listens on ${address.hostname}:${agent.address.port}`);
  if (bringing) console.log(visible(`it brings ${bringing.brings.text}`));
  await stopped;
});

if (import.meta.main) await runProgram(main);
