/**
 * Agents that can't be reached.
 *
 * @module
 */
import { assertRejects } from "@std/assert";
import type { Network, Platform } from "../../../../herd/net/platform.ts";
import { dialAgent, NoAgent } from "../../../../sim/worlds/hosts/agents.ts";
import { ManualClock } from "../../../herd/net/manual_clock.ts";

const ADDRESS = { hostname: "elm.example", port: 12_090 };

Deno.test("dialAgent() names the agent whose host nobody knows", async () => {
  const failure = new Error("Name or service not known");
  const network: Partial<Network> = { connect: () => Promise.reject(failure) };
  const platform = { clock: new ManualClock(), network } as unknown as Platform;
  await assertRejects(
    () => dialAgent(ADDRESS, { platform, secret: "" }),
    NoAgent,
    "no agent at elm.example:12090: Name or service not known",
  );
});
