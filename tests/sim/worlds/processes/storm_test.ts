import { assert, assertEquals } from "@std/assert";
import type { Clock } from "../../../../herd/net/platform.ts";
import {
  MESSAGE_LIMITS,
  StormWatch,
} from "../../../../sim/worlds/processes/storm.ts";

/** A herd that sends so many messages a second, each by the next server. */
class Herd {
  nowMs = 0;
  readonly #watch: StormWatch;

  /** A full mesh, of which each tells the others of so many clients. */
  constructor(servers = 0, synced = 0) {
    const clock = { nowMs: () => this.nowMs } as Clock;
    this.#watch = new StormWatch(clock, MESSAGE_LIMITS, () => synced);
    for (let at = 0; at < servers; at++) {
      this.#watch.linked(`s${at}`, servers - 1);
      // A server that is started again has no more links than before.
      this.#watch.linked(`s${at}`, servers - 1);
    }
  }

  command(line: string): void {
    this.#watch.command(line);
  }

  /** What the first server has sent that is ended; none, if all is well. */
  send(perSecond: number, seconds: number): number | undefined {
    for (let at = 0; at < perSecond * seconds; at++) {
      this.nowMs += 1_000 / perSecond;
      const used = this.#watch.message(`s${at % 5}`);
      if (used !== undefined) return used;
    }
    return undefined;
  }
}

Deno.test({
  name: "StormWatch ends messages that no command accounts for, within seconds",
  permissions: "none",
  fn() {
    const herd = new Herd();
    herd.command("IAMAT kiwi +1-1 5");
    const used = herd.send(1_100, 10)!;
    assert(used > 200 && used < 300, "what one of five has sent of some 1,200");
    // The others have another try, and go on.
    assertEquals(herd.send(1_100, 10) !== undefined, true);
  },
});

Deno.test({
  name: "StormWatch lets pass what commands bring about, and heartbeats",
  permissions: "none",
  fn() {
    const herd = new Herd();
    for (let second = 0; second < 60; second++) {
      for (let at = 0; at < 200; at++) herd.command("IAMAT kiwi +1-1 5");
      assertEquals(herd.send(2_400, 1), undefined);
    }
    const idle = new Herd();
    assertEquals(idle.send(50, 600), undefined);
  },
});

Deno.test({
  name: "StormWatch does not keep for a storm what commands left over",
  permissions: "none",
  fn() {
    const herd = new Herd();
    for (let at = 0; at < 1_000; at++) herd.command("IAMAT kiwi +1-1 5");
    herd.nowMs += 6_000;
    assertEquals(herd.send(1_100, 2) !== undefined, true);
    // Nor does it take who asks for who tells.
    const asked = new Herd();
    for (let second = 0; second < 20; second++) {
      for (let at = 0; at < 20; at++) asked.command("WHATSAT kiwi 1 1");
      if (asked.send(1_100, 1) !== undefined) return;
    }
    throw new Error("It was never found");
  },
});

Deno.test({
  name: "StormWatch lets pass pings on all links of a mesh, and no storm in it",
  permissions: "none",
  fn() {
    // Each of 20 ways carries a ping and an answer, ten times a second.
    assertEquals(new Herd(5).send(20 * (10 + 10), 600), undefined);
    assertEquals(new Herd(2).send(100, 600), undefined);
    for (const servers of [2, 5]) {
      const used = new Herd(servers).send(1_100, 10);
      assertEquals(used !== undefined, true, `of ${servers}`);
    }
  },
});

Deno.test({
  name: "StormWatch lets servers that catch up tell each other all they hold",
  permissions: "none",
  fn() {
    const [servers, clients] = [5, 1_000];
    const all = servers * (servers - 1) * clients;
    const herd = new Herd(servers, clients);
    herd.command("IAMAT kiwi +1-1 5");
    herd.nowMs += 60_000;
    assertEquals(herd.send(10 * all, 0.1), undefined);
    const careless = new Herd(servers);
    careless.nowMs += 60_000;
    assert(careless.send(10 * all, 0.1) !== undefined);
    assert(herd.send(10 * all, 1) !== undefined, "without end it is a storm");
  },
});
