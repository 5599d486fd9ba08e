/**
 * Agents that bring servers.
 *
 * @module
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { denoPlatform } from "../../../../herd/net/deno_platform.ts";
import { freshSecret } from "../../../../herd/net/handshake.ts";
import {
  Agent,
  type AgentOptions,
  type Bringing,
} from "../../../../sim/live/agent/agent.ts";
import { Herd } from "../../../../sim/live/herd/herd.ts";
import type { HerdEvent } from "../../../../sim/model/events.ts";
import { dialAgent } from "../../../../sim/worlds/hosts/agents.ts";
import { Hosts, UnlikeAgents } from "../../../../sim/worlds/hosts/hosts.ts";
import type { FromAgent } from "../../../../sim/worlds/hosts/wire.ts";
import { submission, until } from "../herd/brought.ts";

const SECRET = freshSecret();
const UCLA = "+34.068930-118.445127";
const COMMAND = `    if words[0] == "IAMAT"`;
const BOMB = `    if words[1:2] == ["bomb"]:
        print("it was a bomb", flush=True)
        import os
        os._exit(3)
${COMMAND}`;

async function startAgent(
  options: Partial<AgentOptions> = {},
): Promise<Agent> {
  return await Agent.listen({
    platform: denoPlatform,
    address: { hostname: "127.0.0.1", port: 0 },
    secret: SECRET,
    tell: () => {},
    ...options,
  });
}

function bringing(
  { command, folder }: { command: readonly string[]; folder: string },
  manifest: Bringing["brings"]["manifest"] = {},
): { bringing: Bringing } {
  const text = command.join(" ");
  return {
    bringing: { brings: { text, manifest }, programs: { command, folder } },
  };
}

function lease(...agents: Agent[]): Promise<Hosts> {
  return Hosts.open({
    platform: denoPlatform,
    secret: SECRET,
    agents: agents.map(({ address }) => address),
  });
}

/** What a server of another machine did is known by its log alone. */
async function orItsLog<T>(herd: Herd, name: string, done: Promise<T>) {
  try {
    return await done;
  } catch (cause) {
    const log = await Deno.readTextFile(`${herd.logDirectory}/${name}.jsonl`);
    throw new Error(log, { cause });
  }
}

Deno.test("Hosts runs servers that agents bring: they find each other, are parted, killed and crash", async () => {
  await using given = await submission("asyncio_dict");
  const file = `${given.folder}/server.py`;
  const source = await Deno.readTextFile(file);
  await Deno.writeTextFile(file, source.replace(COMMAND, BOMB));
  const brought = bringing(given);
  await using one = await startAgent(brought);
  await using other = await startAgent(brought);
  await using hosts = await lease(one, other);
  assertEquals(hosts.brought.size, 2);
  const events: HerdEvent[] = [];
  const logs = await Deno.makeTempDir();
  {
    await using herd = await Herd.start("2014", {
      world: hosts.world,
      restart: "temporary",
      log: { directory: logs, level: "DEBUG" },
      onEvent: (event) => void events.push(event),
    });
    await using client = await herd.client("Alford");
    const fix = await client.iamat("kiwi", UCLA);
    const toAll = herd.propagated(fix, { on: "all", withinMs: 30_000 });
    await orItsLog(herd, "Alford", toAll);

    const { places } = await client.whatsat("kiwi", 10, 5);
    assertEquals(places.status, "OK");
    await hosts.misbehave("http-500");
    const failing = await client.whatsat("kiwi", 10, 5);
    assertEquals(failing.places.status, "UNKNOWN_ERROR");
    assertEquals(await hosts.misbehave("none"), 1);

    const parted = await herd.partition([["Alford", "Powell"]]);
    const news = await client.iamat("emu", UCLA);
    const near = herd.propagated(news, { on: ["Powell"], withinMs: 30_000 });
    await orItsLog(herd, "Alford", near);
    await herd.absent(news, { on: ["Bolden", "Parker"], forMs: 100 });
    await parted.heal();

    await herd.kill("Hamilton");
    await herd.revive("Hamilton");
    await herd.pause("Parker");
    await herd.resume("Parker");
    const late = await client.iamat("kiwi", UCLA);
    await herd.propagated(late, { on: "all", withinMs: 30_000 });

    await using careless = await herd.client("Bolden");
    await assertRejects(() => careless.send("IAMAT bomb +0+0 1"));
    const crash = () =>
      events.find((it) => it.kind === "state" && it.state === "crashed");
    await until(() => Promise.resolve(crash() !== undefined));
    assertEquals(
      (crash() as { why?: string }).why,
      'it ended with code 3, after "IAMAT bomb +0+0 1"; ' +
        "it printed last: it was a bomb",
    );
    const log = await Deno.readTextFile(`${herd.logDirectory}/Bolden.jsonl`);
    assert(log.includes("it was a bomb"), log);
  }
  await Deno.remove(logs, { recursive: true });
});

Deno.test("Hosts.open() takes no agents that run what can't be in one herd", async () => {
  await using given = await submission("asyncio_dict");
  await using own = await startAgent();
  await using one = await startAgent(bringing(given));
  const ready = bringing(given, { ready: "listening" });
  await using other = await startAgent(ready);
  await assertRejects(
    () => lease(own, one),
    UnlikeAgents,
    "brings servers (python3 server.py {name})",
  );
  await assertRejects(() => lease(one, other), UnlikeAgents, "herd.yaml");
});

Deno.test("Agent starts nothing but what it was told to bring", async () => {
  await using given = await submission("asyncio_dict");
  await using own = await startAgent();
  await using bringer = await startAgent(bringing(given));
  const run = "0".repeat(32);
  const routes = { port: 1_234, connect: {}, hasHosts: false };
  const program = { kind: "program", run, name: "Ash", port: 1_234, peers: [] };
  const server = { name: "Ash", hostname: "127.0.0.1", neighbours: [] };
  const table: [Agent, object, string][] = [
    [own, { ...program, routes }, "it brings no servers"],
    [
      bringer,
      { kind: "server", run, server },
      "it runs the servers that it brings, and no others",
    ],
    [
      bringer,
      { ...program, routes, command: ["true"] },
      "what it is to do, nobody can tell",
    ],
    [
      bringer,
      { ...program, name: "../x", routes },
      "what it is to do, nobody can tell",
    ],
  ];
  for (const [agent, message, why] of table) {
    const options = { platform: denoPlatform, secret: SECRET };
    const leased = await dialAgent(agent.address, options);
    leased.tell({ kind: "lease", run });
    for await (const message of leased.said()) {
      if ((message as FromAgent).kind === "leased") break;
    }
    const asking = await dialAgent(agent.address, options);
    asking.tell(message);
    const { value } = await asking.said().next();
    assertEquals(value, { kind: "refused", why });
    asking.close();
    leased.close();
  }
});
