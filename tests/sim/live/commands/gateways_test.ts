/**
 * What is told of a herd's gateways, by `status` and by metrics.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { delay } from "../../../../herd/net/timing.ts";
import { Herd } from "../../../../mod.ts";
import { Commands } from "../../../../sim/live/commands/commands.ts";
import { resultText } from "../../../../sim/live/console/console_view.ts";
import type { GatewayStatus } from "../../../../sim/live/commands/gateways.ts";
import { serverView } from "../../../../sim/live/web/herd_views.ts";
import { serverMetrics } from "../../../../sim/live/web/metrics.ts";
import { metricsText } from "../../../../sim/model/web/prometheus.ts";

/** Two herds of two by a hub. */
const TOPOLOGY = {
  name: "pairs",
  servers: ["Ash", "Birch", "Fig", "Gum"].map((name) => ({ name, port: 0 })),
  links: [["Ash", "Birch"], ["Fig", "Gum"]] as const,
};

async function gatewaysOf(herd: Herd): Promise<readonly GatewayStatus[]> {
  const result = await new Commands(herd).execute({ kind: "status" });
  assert(result.event === "status" && result.gateways !== undefined);
  return result.gateways;
}

Deno.test("status tells where gateways stand with the hub, and what waits for it", async () => {
  await using herd = await Herd.start(TOPOLOGY, {
    world: "virtual",
    hub: { servers: 1 },
    seed: 1,
  });
  const { clock } = herd.platform;
  const tell = async (server: string, client: string) => {
    await using to = await herd.client(server);
    return await to.iamat(client, "+34.1-118.4");
  };
  const kiwi = await tell("Birch", "kiwi");
  await herd.propagated(kiwi, { withinMs: 5_000 });
  const [ash, fig] = await gatewaysOf(herd);
  assertEquals([ash!.server, fig!.server], ["Ash", "Fig"]);
  for (const { hub } of [ash!, fig!]) {
    assert(hub!.isUp && hub!.waiting === 0);
    assertEquals(hub!.lastError, undefined);
  }
  assertEquals([ash!.hub!.published, ash!.hub!.merged], [1, 0]);
  assertEquals([fig!.hub!.published, fig!.hub!.merged], [0, 1]);

  await herd.faults.hub.cut(["Fig"]);
  await tell("Gum", "moa");
  await tell("Gum", "emu");
  await delay(clock, 20_000);
  const [there, apart] = await gatewaysOf(herd);
  assert(there!.hub!.isUp && !apart!.hub!.isUp);
  assertEquals(apart!.hub!.waiting, 2);
  assert(apart!.hub!.sinceMs < clock.nowMs() - 10_000);
  assert(apart!.hub!.lastError!.why.length > 0);

  await herd.heal("all");
  await herd.converged({ withinMs: 20_000 });
  const [, back] = await gatewaysOf(herd);
  assert(back!.hub!.isUp && back!.hub!.waiting === 0);
  // What was wrong is still told.
  assert(back!.hub!.lastError!.atMs >= apart!.hub!.lastError!.atMs);

  const metrics = metricsText(serverMetrics("Fig", await herd.stats("Fig")));
  assertStringIncludes(metrics, 'herd_hub_up{server="Fig"} 1\n');
  assertStringIncludes(metrics, 'herd_hub_published_total{server="Fig"} 2\n');

  const stats = await herd.stats("Fig");
  const [status] = herd.status().filter(({ name }) => name === "Fig");
  const counters = { of: () => stats };
  const { hub: shown } = serverView(status!, counters, undefined, 0);
  const { sinceMs } = back!.hub!;
  assertEquals(shown, { isUp: true, sinceMs, waiting: 0 });

  await herd.kill("Fig");
  assertEquals((await gatewaysOf(herd))[1], {
    server: "Fig",
    why: "it is stopped",
  });
});

Deno.test({
  name: "resultText() of status has a row for each gateway",
  permissions: "none",
  fn() {
    const hub = {
      isUp: false,
      sinceMs: 8_000,
      ups: 2,
      waiting: 3,
      published: 12,
      read: 40,
      merged: 30,
      putBack: 1,
      bad: 0,
      lastError: { why: "refused\x1b", atMs: 9_500 },
    };
    const text = resultText({
      event: "status",
      servers: [],
      gateways: [{ server: "Ash", hub }, { server: "Fig", why: "it hangs" }],
      atMs: 10_000,
    });
    assertEquals(text.split("\n").slice(1).map((it) => it.split(/ {2,}/)), [
      ["gateway", "hub", "for", "waiting", "published", "merged"].concat(
        ["put back", "last error"],
      ),
      ["Ash", "not connected", "2.0 s", "3", "12", "30", "1"].concat(
        ["0.5 s ago: refused\\x1b"],
      ),
      ["Fig", "unknown", "it hangs"],
    ]);
  },
});

Deno.test("status tells of no gateways where there is no hub", async () => {
  await using herd = await Herd.start("line:2", { world: "virtual", seed: 1 });
  const result = await new Commands(herd).execute({ kind: "status" });
  assert(result.event === "status");
  assertEquals(result.gateways, undefined);
});
