/**
 * The hub of a virtual world, by what a gateway makes of it.
 *
 * @module
 */
import { assertEquals, assertRejects } from "@std/assert";
import { Random } from "../../../../sim/model/random.ts";
import { VirtualDatagrams } from "../../../../sim/worlds/virtual/virtual_datagrams.ts";
import { VirtualHub } from "../../../../sim/worlds/virtual/virtual_hub.ts";
import { VirtualMachine } from "../../../../sim/worlds/virtual/virtual_machine.ts";
import { VirtualNetwork } from "../../../../sim/worlds/virtual/virtual_network.ts";
import { VirtualTime } from "../../../../sim/worlds/virtual/virtual_time.ts";

const NEVER = new AbortController().signal;
const BYTES = Uint8Array.of(1);
const SESSIONS = 12;

function rig(servers: number) {
  const time = new VirtualTime();
  const random = new Random(1);
  const datagrams = new VirtualDatagrams(time, random);
  const network = new VirtualNetwork(time, random, datagrams);
  const machine = new VirtualMachine(time, network, random);
  const hub = new VirtualHub(time, random, servers);
  const open = (name = "Ash", to = hub.address().servers) => {
    const options = { ...hub.address(), servers: to, herd: [name] };
    return hub.openFor(machine)(options, name, NEVER);
  };
  return { hub, open };
}

Deno.test("VirtualHub gives a gateway the last of each subject, and what follows", async () => {
  const { open } = rig(1);
  const session = await open();
  assertEquals([session.isEmpty, session.length], [true, 0]);
  await session.publish("fix.Ash.a", BYTES, "1");
  const twice = await session.publish("fix.Ash.a", Uint8Array.of(2), "2");
  assertEquals(twice, 2);
  assertEquals(await session.publish("fix.Ash.a", BYTES, "2"), twice);
  const second = await open("Elm");
  assertEquals([second.isEmpty, second.length], [false, 2]);
  const seen: number[] = [];
  const why = second.read(({ sequence }) => {
    seen.push(sequence);
    if (sequence === 2) void session.publish("fix.Ash.b", BYTES, "3");
    if (sequence === 3) void second.close();
  });
  assertEquals(await why, "closed");
  assertEquals(seen, [2, 3]);
});

Deno.test("VirtualHub ends a session whose server, or whose consumer's, is killed", async () => {
  const { hub, open } = rig(3);
  const ends: string[] = [];
  const reading = Array.from({ length: SESSIONS }, async () => {
    const session = await open();
    ends.push(await session.read(() => {}));
  });
  await hub.revive([]);
  // All are connected to the first one, and consumers are anywhere.
  await hub.kill([2]);
  await hub.revive([2]);
  while (ends.length === 0) await hub.revive([]);
  const apart = ends.length;
  assertEquals(new Set(ends), new Set(["no keepalive"]));
  await hub.kill([1]);
  await Promise.all(reading);
  assertEquals(new Set(ends.slice(apart)), new Set(["closed"]));
});

Deno.test("VirtualHub opens no session without a majority, or behind a cut", async () => {
  const { hub, open } = rig(3);
  await hub.kill([2, 3]);
  await assertRejects(() => open(), Error, "timeout");
  await hub.kill([1]);
  await assertRejects(() => open(), Error, "connection refused");
  const other = rig(1);
  other.hub.cut(["Ash"]);
  await assertRejects(() => other.open(), Error, "timeout");
});

Deno.test("VirtualHub stores what its leader does not live to acknowledge", async () => {
  const { hub, open } = rig(3);
  const session = await open("Ash", ["nats://hub-2"]);
  const publishing = session.publish("fix.Ash.a", BYTES, "1");
  while (hub.sequence === 0) {
    await new Promise<void>((resolve) => void hub.time.after(0.01, resolve));
  }
  await hub.kill([1]);
  await assertRejects(() => publishing, Error, "timeout");
  assertEquals(hub.last().map(({ subject }) => subject), ["fix.Ash.a"]);
});

Deno.test("VirtualHub elects a leader anew after it had no majority", async () => {
  const { hub } = rig(3);
  assertEquals(await hub.leader(), 1);
  await hub.kill([2, 3]);
  assertEquals(await hub.leader(), undefined);
  await hub.revive([2]);
  assertEquals(await hub.leader(), undefined);
  await new Promise<void>((resolve) => void hub.time.after(6_000, resolve));
  assertEquals(await hub.leader(), 1);
});
