/**
 * Dials after links that go down at once.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { delay } from "@std/async";
import { Client } from "../../../herd/net/client.ts";
import { Sleepers } from "../../../herd/net/redial.ts";
import { Server } from "../../../herd/net/server.ts";
import { FakeNetwork } from "./fake_network.ts";
import { ManualClock } from "./manual_clock.ts";
import { SECRET } from "./support.ts";

const PORT = 12_000;
/** A client's name for which Bolden's lines on links are too short. */
const LONG = "x".repeat(7_000);

Deno.test("Servers that take each other's links down at once dial less and less", async () => {
  const network = new FakeNetwork(1);
  const ups: number[] = [];
  const start = (name: string, peer: string, lineBytesMax: number) =>
    Server.start({
      name,
      hostname: name,
      port: PORT,
      neighbours: [{ name: peer, hostname: peer, port: PORT }],
      secret: SECRET,
      platform: network.machine(name),
      limits: { lineBytesMax, clientBytesMax: lineBytesMax / 4 },
      onEvent: ({ kind }) => {
        if (kind === "link-up") ups.push(network.clock.nowMs());
      },
    });
  const alford = await start("Alford", "Bolden", 32_000);
  const address = { hostname: "Alford", port: PORT };
  const connecting = Client.connect(address, network.machine("phone"));
  await network.pass(10);
  const phone = await connecting;
  const telling = phone.iamat(LONG, "+34.0-118.0");
  await network.pass(10);
  await telling;
  const bolden = await start("Bolden", "Alford", 1_000);
  const beganMs = network.clock.nowMs();
  await network.pass(20_000);
  const firstMs = ups[0]! - beganMs;
  assert(firstMs < 2_000, `The first link is up after ${firstMs} ms`);
  // Each end dials once in one to two seconds, and both see each link.
  const later = ups.filter((atMs) => atMs - beganMs > 10_000);
  assert(later.length >= 10, `${later.length} ends of links in 10 s`);
  assert(later.length <= 44, `${later.length} ends of links in 10 s`);
  const stopping = [alford.stop(), bolden.stop(), phone.close()];
  await network.pass(5_000);
  await Promise.all(stopping);
});

Deno.test("Sleepers.sleep() lasts its time, without one until the link goes down", async () => {
  const clock = new ManualClock();
  const sleepers = new Sleepers(clock);
  const told: string[] = [];
  const sleep = (peer: string, ms?: number) =>
    sleepers.sleep(peer, ms).then(() => told.push(peer));
  const sleeping = [sleep("Ash", 100), sleep("Elm"), sleep("Oak")];
  const settled = () => delay(0);
  for (const peer of ["Ash", "Elm"]) sleepers.linkDown(peer);
  await settled();
  assertEquals(told, ["Elm"]);
  clock.tick(100);
  await settled();
  assertEquals(told, ["Elm", "Ash"]);
  sleepers.stop();
  await Promise.all(sleeping);
  await sleep("Fir", 100);
  assertEquals(told, ["Elm", "Ash", "Oak", "Fir"]);
});
