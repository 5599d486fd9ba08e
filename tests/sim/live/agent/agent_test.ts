import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { delay } from "@std/async";
import { DEFAULT_LIMITS } from "../../../../herd/core/limits.ts";
import { parsePeer } from "../../../../herd/core/wire/handshake.ts";
import { Channel } from "../../../../herd/net/channel.ts";
import { denoPlatform } from "../../../../herd/net/deno_platform.ts";
import { freshSecret, respond } from "../../../../herd/net/handshake.ts";
import type { Address, Clock } from "../../../../herd/net/platform.ts";
import { Agent } from "../../../../sim/live/agent/agent.ts";
import { dialAgent, NoAgent } from "../../../../sim/worlds/hosts/agents.ts";
import { Hosts } from "../../../../sim/worlds/hosts/hosts.ts";
import type { ToAgent } from "../../../../sim/worlds/hosts/wire.ts";
import { JsonChannel } from "../../../../sim/worlds/hosts/json_channel.ts";
import { ManualClock } from "../../../herd/net/manual_clock.ts";

const SECRET = freshSecret();
const RUN = "0".repeat(32);

async function start(
  clock: Clock = denoPlatform.clock,
): Promise<Agent & { readonly told: string[] }> {
  const told: string[] = [];
  const agent = await Agent.listen({
    platform: { ...denoPlatform, clock },
    address: { hostname: "127.0.0.1", port: 0 },
    secret: SECRET,
    tell: (text) => told.push(text),
  });
  return Object.assign(agent, { told });
}

function dial(address: Address, secret = SECRET) {
  return dialAgent(address, { platform: denoPlatform, secret });
}

/** What an agent says to messages, until it closes. */
async function answers(address: Address, ...messages: unknown[]) {
  const channel = await dial(address);
  for (const message of messages) channel.tell(message);
  const said: unknown[] = [];
  for await (const value of channel.said()) said.push(value);
  channel.close();
  return said;
}

Deno.test("Agent turns away who does not know the secret, and who is no workbench", async () => {
  await using agent = await start();
  await assertRejects(
    () => dial(agent.address, freshSecret()),
    NoAgent,
    "or has another secret",
  );
  using stranger = await Deno.connect(agent.address);
  await stranger.write(new TextEncoder().encode("IAMAT kiwi +0-0 1\n"));
  const bytes = new Uint8Array(100);
  assertEquals(await stranger.read(bytes).catch(() => null), null);
  assert(agent.told.some((it) => it.endsWith("wrong proof")), `${agent.told}`);
  assert(agent.told.some((it) => it.endsWith("it is no workbench")));
});

Deno.test("dialAgent() says where nobody listens", async () => {
  const agent = await start();
  const { address } = agent;
  await agent[Symbol.asyncDispose]();
  const where = `no agent at 127.0.0.1:${address.port}: `;
  await assertRejects(() => dial(address), NoAgent, where);
});

Deno.test("Agent does nothing without a lease, or what leads out of its folder", async () => {
  await using agent = await start();
  const refused = (why: string) => [{ kind: "refused", why }];
  const unclear = refused("what it is to do, nobody can tell");
  const unleased = refused("the lease is over, or there never was one");
  const server = { name: "Alford", hostname: "127.0.0.1", neighbours: [] };
  const table: [unknown, unknown][] = [
    [{ kind: "wipe", run: RUN, server }, unleased],
    [{ kind: "server", run: RUN, server }, unleased],
    [{ kind: "proxies", run: RUN }, unleased],
    [{ kind: "wipe", run: RUN, server: { name: ".." } }, unclear],
    [{ kind: "lease", run: "../x" }, unclear],
    [{ kind: "exec", command: "true" }, unclear],
    [7, unclear],
  ];
  for (const [message, answer] of table) {
    assertEquals(await answers(agent.address, message), answer);
  }
});

Deno.test("Hosts leases each host once, and lets go of it", async () => {
  await using one = await start();
  await using other = await start();
  const options = { platform: denoPlatform, secret: SECRET };
  const agents = [one.address, other.address];
  const hosts = await Hosts.open({ ...options, agents });
  const machines = hosts.world.machines!;
  assertEquals(machines.here, "127.0.0.1");
  machines.place([{ name: "a" }, { name: "b" }, { name: "c" }]);
  assertEquals(machines.machineOf("c"), machines.machineOf("a"));
  assertEquals(machines.machineOf("b"), `127.0.0.1:${other.address.port}`);
  await hosts[Symbol.asyncDispose]();
  for (const { told } of [one, other]) {
    assertEquals(told.at(-1), "the lease of 127.0.0.1 is over");
  }
});

/** What comes of something, while time goes on. */
async function inTime<T>(
  clock: ManualClock,
  outcome: Promise<T>,
  stepMs = 100,
): Promise<T> {
  let isOver = false;
  const over = () => void (isOver = true);
  outcome.then(over, over);
  while (!isOver) {
    await delay(1);
    clock.tick(stepMs);
  }
  return outcome;
}

Deno.test("Agent waits only so long to be told what it is to do", async () => {
  const clock = new ManualClock();
  await using agent = await start(clock);
  const channel = await dial(agent.address);
  const { done } = await inTime(clock, channel.said().next());
  assertEquals(done, true);
  channel.close();
  assertEquals(agent.told, []);
});

Deno.test("Hosts.open() waits only so long for a lease", async () => {
  const clock = new ManualClock();
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { hostname, port } = listener.addr;
  const options = { platform: { ...denoPlatform, clock }, secret: SECRET };
  const opening = Hosts.open({ ...options, agents: [{ hostname, port }] });
  const channel = await admit(listener);
  await assertRejects(
    () => inTime(clock, opening),
    NoAgent,
    "it gave no answer",
  );
  channel.close();
});

Deno.test("Hosts.open() gives up, and the agent hears of it, when it is told to", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { hostname, port } = listener.addr;
  const options = { platform: denoPlatform, secret: SECRET };
  const interrupt = new AbortController();
  const agents = [{ hostname, port }];
  const opening = Hosts.open({ ...options, agents }, interrupt.signal);
  const agent = await admit(listener);
  const said = agent.said();
  await said.next();
  interrupt.abort(new Error("interrupted"));
  await assertRejects(() => opening, Error, "interrupted");
  assertEquals((await said.next()).done, true);
  agent.close();
});

Deno.test("Hosts.open() fails by the first agent that does, and waits for no other", async () => {
  using copying = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  using refusing = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const agents = [copying.addr, refusing.addr];
  const clock = new ManualClock();
  const options = { platform: { ...denoPlatform, clock }, secret: SECRET };
  const opening = Hosts.open({ ...options, agents });
  const failing = assertRejects(() => opening, NoAgent, "it is another's");
  const agent = await admit(copying);
  const said = agent.said();
  await said.next();
  const other = await admit(refusing);
  other.tell({ kind: "refused", why: "it is another's" });
  assertEquals((await said.next()).done, true);
  await failing;
  agent.close();
  other.close();
});

Deno.test("Hosts.open() lets go of who was leased before another failed, and heeds its signal then", async () => {
  using leasing = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  using refusing = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const agents = [leasing.addr, refusing.addr];
  const options = { platform: denoPlatform, secret: SECRET };
  const interrupt = new AbortController();
  const opening = Hosts.open({ ...options, agents }, interrupt.signal);
  const failing = assertRejects(() => opening, Error, "interrupted");
  const agent = await admit(leasing);
  const said = agent.said();
  const hears = async (kind: ToAgent["kind"]) => {
    while (((await said.next()).value as ToAgent).kind !== kind);
  };
  const other = await admit(refusing);
  await said.next();
  agent.tell({ kind: "leased", workbench: "127.0.0.1" });
  await hears("beat");
  other.tell({ kind: "refused", why: "it is another's" });
  await hears("release");
  interrupt.abort(new Error("interrupted"));
  agent.close();
  other.close();
  await failing;
});

/** Leases an agent that gives so many signs of life, and then lets itself be leased. */
async function leaseAfter(beats: number): Promise<void> {
  const clock = new ManualClock();
  let waits = 0;
  const after = clock.after.bind(clock);
  clock.after = (ms, run) => {
    waits++;
    return after(ms, run);
  };
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { hostname, port } = listener.addr;
  const options = { platform: { ...denoPlatform, clock }, secret: SECRET };
  const opening = Hosts.open({ ...options, agents: [{ hostname, port }] });
  const agent = await admit(listener);
  using _agent = { [Symbol.dispose]: () => agent.close() };
  await agent.said().next();
  let isRefused = false;
  opening.catch(() => isRefused = true);
  for (let beat = 0; beat < beats && !isRefused; beat++) {
    const before = waits;
    agent.tell({ kind: "beat" });
    while (waits === before && !isRefused) await delay(1);
    clock.tick(1_000);
  }
  agent.tell({ kind: "leased", workbench: "127.0.0.1" });
  await using _hosts = await opening;
  agent.close();
}

Deno.test("Hosts.open() waits for an agent that gives signs of life while it copies, for a minute", async () => {
  await leaseAfter(40);
  await assertRejects(
    () => leaseAfter(80),
    NoAgent,
    "it copied what it brings for 60 s, and was not done",
  );
});

/** A workbench that comes to an agent of which the test is the rest. */
async function admit(listener: Deno.TcpListener): Promise<JsonChannel> {
  const conn = await listener.accept();
  const channel = new Channel(denoPlatform.clock, conn, 1_024);
  await channel.nextLine();
  const introduction = parsePeer(channel.line)!;
  await respond(channel, introduction, () => undefined, {
    platform: denoPlatform,
    secret: SECRET,
    limits: DEFAULT_LIMITS,
  });
  return new JsonChannel(channel);
}

Deno.test("Hosts tells of an agent that says nothing any more, and of no other", async () => {
  const clock = new ManualClock();
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { hostname, port } = listener.addr;
  const options = { platform: { ...denoPlatform, clock }, secret: SECRET };
  const opening = Hosts.open({ ...options, agents: [{ hostname, port }] });
  const agent = await admit(listener);
  const said = agent.said();
  await said.next();
  agent.tell({ kind: "leased", workbench: "127.0.0.1" });
  await using hosts = await opening;
  using _agent = { [Symbol.dispose]: () => agent.close() };
  const beat = { kind: "beat" };
  for (let second = 0; second < 40; second++) {
    clock.tick(1_000);
    assertEquals((await said.next()).value, beat);
    agent.tell(beat);
  }
  assert(!hosts.lost.aborted, `${hosts.lost.reason}`);
  // Its answers are behind this one.
  for (let second = 0; !hosts.lost.aborted; second++) {
    assert(second < 40);
    clock.tick(1_000);
    await delay(1);
  }
  assertStringIncludes(
    `${hosts.lost.reason}`,
    `127.0.0.1:${port} is lost: its agent gave no sign of life for 15 s`,
  );
});

Deno.test("Agent answers each sign of life by one", async () => {
  await using agent = await start();
  const beat = { kind: "beat" };
  const messages = [{ kind: "lease", run: RUN }, beat, beat];
  assertEquals(
    await answers(agent.address, ...messages, { kind: "release" }),
    [
      { kind: "leased", workbench: "127.0.0.1" },
      beat,
      beat,
      { kind: "over", why: "its workbench let go of it" },
    ],
  );
});

Deno.test("Agent has silent strangers make room for workbenches", async () => {
  await using agent = await start();
  await using strangers = new AsyncDisposableStack();
  for (let at = 0; at < 16; at++) {
    strangers.use(await Deno.connect(agent.address));
  }
  const channel = await dial(agent.address);
  channel.close();
  const { told } = agent;
  assert(told[0]!.endsWith("it has proved nothing, and others wait"), told[0]);
});

Deno.test("Agent ends the process of who says what is no message, and goes on", async () => {
  await using agent = await start();
  const lease = await dial(agent.address);
  const said = lease.said();
  lease.tell({ kind: "lease", run: RUN });
  await said.next();
  const proxies = { kind: "proxies", run: RUN };
  assertEquals(await answers(agent.address, proxies, null), [
    { kind: "ended", why: "it was ended by SIGKILL" },
  ]);
  const wipe = { kind: "wipe", run: RUN, server: { name: "Alford" } };
  assertEquals(await answers(agent.address, wipe), [{ kind: "wiped" }]);
  await lease.end();
});

Deno.test("Hosts tells of a lease that is lost, and why", async () => {
  const clock = new ManualClock();
  await using silenced = await start(clock);
  const ending = await start();
  const open = (agent: Agent) =>
    Hosts.open({
      platform: denoPlatform,
      secret: SECRET,
      agents: [agent.address],
    });
  await using deaf = await open(silenced);
  await using left = await open(ending);
  assertEquals([deaf.lost.aborted, left.lost.aborted], [false, false]);
  const lossOf = ({ lost }: Hosts) =>
    new Promise<string>((resolve) =>
      lost.addEventListener("abort", () => resolve(`${lost.reason}`))
    );
  const losses = Promise.all([lossOf(deaf), lossOf(left)]);
  await ending[Symbol.asyncDispose]();
  // Nothing that it was told counts, for its clock goes on at once.
  const [ofDeaf, ofLeft] = await inTime(clock, losses, 20_000);
  const lost = ({ address: { port } }: Agent) =>
    `LeaseLost: the lease on 127.0.0.1:${port} is lost: `;
  assertEquals(
    ofDeaf,
    `${lost(silenced)}its workbench gave no sign of life for 15 s`,
  );
  // An agent that ends may be gone before it has said so.
  assertStringIncludes(ofLeft!, lost(ending));
});
