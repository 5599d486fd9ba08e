/**
 * Work that takes time on a machine of a virtual world.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { Random } from "../../../../sim/model/random.ts";
import { VirtualDatagrams } from "../../../../sim/worlds/virtual/virtual_datagrams.ts";
import { VirtualMachine } from "../../../../sim/worlds/virtual/virtual_machine.ts";
import { VirtualNetwork } from "../../../../sim/worlds/virtual/virtual_network.ts";
import { VirtualTime } from "../../../../sim/worlds/virtual/virtual_time.ts";

/** When each of three events happens on a machine whose looks take so long. */
async function happened(workMs: number): Promise<string[]> {
  const time = new VirtualTime();
  const random = new Random(1);
  const datagrams = new VirtualDatagrams(time, random);
  const network = new VirtualNetwork(time, random, datagrams);
  const machine = new VirtualMachine(time, network, random);
  machine.workMs = workMs;
  const beganMs = time.nowMs;
  const { clock } = machine.platform;
  const told: string[] = [];
  const tell = (name: string) => {
    const looks = [clock.nowMs(), clock.nowMs()].map((it) => it - beganMs);
    told.push(`${name} ${looks.join(" ")}`);
  };
  machine.after(1, () => tell("a"));
  machine.after(2, () => tell("b"));
  machine.after(3, () => tell("c"));
  await new Promise<void>((resolve) => void time.after(100, resolve));
  return told;
}

Deno.test("VirtualMachine takes no time to work by default", async () => {
  assertEquals(await happened(0), ["a 1 1", "b 2 2", "c 3 3"]);
});

Deno.test("VirtualMachine does what is due while it works afterwards, in order", async () => {
  assertEquals(await happened(5), ["a 6 11", "b 16 21", "c 26 31"]);
});
