/**
 * Agents that can't be reached.
 *
 * @module
 */
import { assertEquals, assertRejects } from "@std/assert";
import { denoPlatform } from "../../../../herd/net/deno_platform.ts";
import { freshSecret } from "../../../../herd/net/handshake.ts";
import type { Network, Platform } from "../../../../herd/net/platform.ts";
import {
  askAgent,
  dialAgent,
  NoAgent,
} from "../../../../sim/worlds/hosts/agents.ts";
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

const LEASE = { kind: "lease", run: "0".repeat(32) } as const;

Deno.test("askAgent() gives up connecting at once", async () => {
  const network: Partial<Network> = {
    connect: (_, signal) =>
      new Promise((_, reject) => {
        signal!.onabort = () => reject(signal!.reason);
      }),
  };
  const clock = new ManualClock();
  const platform = { clock, network } as unknown as Platform;
  const options = { platform, secret: "" };
  const { signal, abort } = interrupt();
  const asking = askAgent(ADDRESS, LEASE, "leased", options, signal);
  abort();
  await assertRejects(() => asking, Error, "interrupted");
  assertEquals(clock.step(Infinity), false, "a timer is left");
});

Deno.test("askAgent() gives up a handshake at once, and closes", async () => {
  using silent = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const clock = new ManualClock();
  const platform = { ...denoPlatform, clock };
  const options = { platform, secret: freshSecret() };
  const { signal, abort } = interrupt();
  const asking = askAgent(silent.addr, LEASE, "leased", options, signal);
  using conn = await silent.accept();
  await conn.read(new Uint8Array(1_024));
  abort();
  await assertRejects(() => asking, Error, "interrupted");
  assertEquals(clock.step(Infinity), false, "a timer is left");
  assertEquals(await conn.read(new Uint8Array(1)), null);
});

function interrupt() {
  const aborter = new AbortController();
  const abort = () => aborter.abort(new Error("interrupted"));
  return { signal: aborter.signal, abort };
}
