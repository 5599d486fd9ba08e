import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { generateTopology } from "../../../../sim/model/topology/generate.ts";
import { hashText } from "../../../../herd/core/bytes/hash.ts";
import type { Link } from "../../../../herd/core/link/link.ts";
import { Line } from "../../../../herd/core/wire/line.ts";
import { Node } from "../../../../herd/core/node.ts";
import { graphs, moves, stir } from "../drama.ts";
import { fixOf, pure, storeOf, written } from "../pure.ts";
import { type Edge, PureHerd } from "../../../../sim/model/pure_herd.ts";

/** A herd in tree mode, its links up long enough to shape trees. */
function grown(edges: readonly Edge[]): PureHerd {
  const herd = new PureHerd(edges, {}, { mode: "tree" });
  herd.upAll();
  herd.settle();
  herd.heartbeat(2);
  herd.settle();
  return herd;
}

function edgesOf(name: string): Edge[] {
  const topology = generateTopology(name);
  assert(topology !== undefined);
  return topology.links.map(([a, b]): Edge => [a, b]);
}

let time = 0;

/** Every server hears its own client; gives what that cost, on average. */
function round(herd: PureHerd, names = herd.names) {
  const [at, control] = [herd.total("atOut"), herd.total("controlOut")];
  time++;
  for (const name of names) {
    herd.client("c", name, `IAMAT of-${name} +0-0 ${time}`);
    herd.settle();
  }
  return {
    at: (herd.total("atOut") - at) / names.length,
    control: (herd.total("controlOut") - control) / names.length,
  };
}

function assertAlike(herd: PureHerd, names: readonly string[]): void {
  const [first, ...others] = names;
  for (const name of others) {
    assertEquals(herd.records(name), herd.records(first!), name);
  }
}

for (const topology of ["grid:25", "random:50:4", "full:10", "ring:8"]) {
  pure(
    `Tree sends an update over ${topology} N-1 times, once it has grown`,
    () => {
      const edges = edgesOf(topology);
      const herd = grown(edges);
      assert(round(herd).at >= edges.length, "It begins by flooding");
      for (let i = 0; i < 4; i++) round(herd);
      assertEquals(round(herd).at, herd.names.length - 1);
      assertAlike(herd, herd.names);
    },
  );
}

pure("Tree announces an update once on each link that no tree takes", () => {
  const edges = edgesOf("grid:25");
  const herd = grown(edges);
  for (let i = 0; i < 5; i++) round(herd);
  const { control } = round(herd);
  const spare = edges.length - (herd.names.length - 1);
  // An IHAVE and its line.
  assertEquals(control, 2 * spare);
});

pure("Tree announces many updates of a client as one, the newest", () => {
  const pulled: string[] = [];
  const ring: Edge[] = [["a", "b"], ["b", "c"], ["a", "c"]];
  const herd = new PureHerd(ring, {
    pulled: (from, to, text) => pulled.push(`${from}>${to} ${text}`),
  }, { mode: "tree" });
  herd.upAll();
  herd.heartbeat(2);
  for (let i = 0; i < 3; i++) {
    herd.client("c", "a", `IAMAT kiwi +0-0 ${i}`);
    herd.settle();
  }
  pulled.length = 0;
  for (let i = 10; i < 20; i++) {
    herd.client("c", "a", `IAMAT kiwi +0-0 ${i}`);
    herd.rest();
  }
  herd.settle();
  const lists = pulled.filter((text) => text.includes("IHAVE"));
  assertEquals(lists.length, 1);
  assert(/^b>c IHAVE 1\nkiwi 19 [0-9a-f]{16}\n$/.test(lists[0]!), lists[0]);
});

for (const topology of ["grid:25", "random:50:4", "full:10"]) {
  pure(
    `Tree gets every update to every survivor of any one server of ${topology}`,
    () => {
      const edges = edgesOf(topology);
      const names = [...new Set(edges.flat())];
      const mortal = names.filter((dead) =>
        isConnected(edges, names.filter((name) => name !== dead))
      );
      assert(mortal.length > names.length / 2);
      for (const dead of mortal.slice(0, 10)) {
        const herd = grown(edges);
        const survivors = names.filter((name) => name !== dead);
        for (let i = 0; i < 2; i++) round(herd, survivors.slice(0, 4));
        herd.crash(dead);
        round(herd, survivors.slice(0, 4));
        assertAlike(herd, survivors);
      }
    },
  );
}

function isConnected(edges: readonly Edge[], names: readonly string[]) {
  const reached = new Set(names.slice(0, 1));
  for (const name of reached) {
    for (const edge of edges) {
      if (!edge.includes(name)) continue;
      for (const end of edge) if (names.includes(end)) reached.add(end);
    }
  }
  return reached.size === names.length;
}

pure("Tree grows again after a server was away", () => {
  const herd = grown(edgesOf("grid:25"));
  for (let i = 0; i < 3; i++) round(herd);
  herd.crash("s12");
  round(herd, ["s0", "s24"]);
  herd.upAll();
  herd.settle();
  herd.heartbeat(2);
  herd.settle();
  for (let i = 0; i < 4; i++) round(herd);
  assert(round(herd).at <= 24 * 1.05);
  assertAlike(herd, herd.names);
});

pure("Tree of any shape grows to N-1 lines, however lines are delayed", () => {
  fc.assert(
    fc.property(graphs, fc.array(moves, { maxLength: 8 }), (edges, delays) => {
      const herd = grown(edges);
      const { names } = herd;
      delays.forEach((moves, i) => {
        herd.client("c", names[i % names.length]!, `IAMAT kiwi +0-0 ${i}`);
        stir(herd, moves);
        herd.tick();
      });
      herd.settle();
      for (let i = 0; i < 4; i++) round(herd);
      assertEquals(round(herd).at, names.length - 1);
      assertAlike(herd, names);
    }),
    { numRuns: 200 },
  );
});

/** A node in tree mode among neighbours that are played by hand. */
class Stubs {
  readonly node: Node<string>;
  readonly links = new Map<string, Link>();
  /** Whether a tick was asked for. */
  isArmed = false;

  constructor(...peers: string[]) {
    this.node = new Node<string>(
      { name: "Me", seed: 1, echoCancellation: true, mode: "tree" },
      {
        marked: (answer) => answer(),
        reserve: () => ({ lookup() {}, reply() {} }),
        arm: () => void (this.isArmed = true),
        stored() {},
        synced() {},
      },
    );
    for (const peer of peers) this.up(peer);
  }

  /** A link comes up, and is old enough to shape trees. */
  up(peer: string): void {
    const link = this.node.onLinkUp(peer);
    this.links.set(peer, link);
    link.heartbeat();
    link.heartbeat();
    this.sent(peer);
  }

  link(peer: string): Link {
    return this.links.get(peer)!;
  }

  says(peer: string, ...lines: string[]): void {
    for (const line of lines) {
      assertEquals(this.link(peer).onLine(Line.of(line)), undefined);
    }
  }

  /** What goes to a neighbour now. */
  sent(peer: string): string[] {
    const text = written((out) => this.link(peer).pull(out, 65_536));
    return text.split("\n").slice(0, -1);
  }

  ticks(count: number): void {
    for (let i = 0; i < count && this.isArmed; i++) {
      this.isArmed = this.node.tick();
    }
  }
}

function at(root: string, time: number, sender: string): string {
  return `AT ${root} +0.000000001 kiwi +0-0 ${time} ${sender}`;
}

function version(root: string, time: number): string {
  return `kiwi ${time} ${
    hashText(
      storeOf([
        fixOf(at(root, time, "x").slice(0, -2)),
      ]).hashOf(0),
    )
  }`;
}

pure("Tree prunes for the very same fix, and not for an older one", () => {
  const stubs = new Stubs("a", "b");
  stubs.says("a", at("r", 2, "a"));
  stubs.says("b", at("r", 1, "b"));
  assertEquals(stubs.sent("b"), [at("r", 2, "Me")]);
  stubs.says("b", at("r", 2, "b"));
  assertEquals(stubs.sent("b"), ["PRUNE r"]);
  assertEquals(stubs.sent("a"), []);
});

pure("Tree never prunes the only way that works", () => {
  const stubs = new Stubs("a", "b");
  stubs.says("a", at("r", 1, "a"));
  stubs.says("a", at("r", 1, "a"));
  assertEquals(stubs.sent("a"), [], "A line that came twice");
  stubs.says("b", at("r", 1, "b"));
  // Both were on their way when they crossed the PRUNE.
  stubs.says("b", at("r", 2, "b"));
  stubs.says("a", at("r", 2, "a"));
  assertEquals(stubs.sent("a"), []);
  assertEquals(stubs.sent("b"), ["PRUNE r"]);
});

pure("Tree prunes the way that has become the slower one", () => {
  const stubs = new Stubs("a", "b");
  stubs.says("a", at("r", 1, "a"));
  stubs.says("b", at("r", 2, "b"));
  stubs.says("a", at("r", 2, "a"));
  assertEquals(stubs.sent("a"), ["PRUNE r"]);
  assertEquals(stubs.sent("b"), [at("r", 1, "Me")].slice(1));
});

pure("Tree shapes nothing by a link that has just come up", () => {
  const stubs = new Stubs("a");
  stubs.links.set("b", stubs.node.onLinkUp("b"));
  stubs.sent("b");
  stubs.says("b", at("r", 1, "b"));
  stubs.says("a", at("r", 1, "a"));
  stubs.says("b", at("r", 1, "b"));
  assertEquals([...stubs.sent("a"), ...stubs.sent("b")], []);
});

pure("Tree announces where it was pruned, after a while", () => {
  const stubs = new Stubs("a", "b");
  stubs.says("b", "PRUNE r");
  stubs.says("a", at("r", 1, "a"));
  assertEquals(stubs.sent("b"), []);
  stubs.ticks(9);
  assertEquals(stubs.sent("b"), []);
  stubs.ticks(1);
  assertEquals(stubs.sent("b"), ["IHAVE 1", version("r", 1)]);
  assert(!stubs.isArmed);
  stubs.says("a", at("q", 2, "a"));
  assertEquals(stubs.sent("b"), [at("q", 2, "Me")], "Another root");
});

pure("Tree that is busy announces little at a time", () => {
  const stubs = new Stubs("a", "b");
  const clients = 4_000;
  let time = 0;
  const move = () => {
    time++;
    for (let i = 0; i < clients; i++) {
      stubs.says("a", at("r", time, "a").replace("kiwi", `kiwi${i}`));
    }
  };
  const announced = () =>
    stubs.sent("b").filter((line) => /^kiwi/.test(line)).length;
  stubs.says("b", "PRUNE r");
  move();
  stubs.ticks(9);
  move();
  stubs.ticks(1);
  assertEquals(announced(), 256);
  move();
  stubs.ticks(1);
  assertEquals(announced(), 256);
  let left = clients - 256;
  for (let tick = 1; tick < 10; tick++, left -= 256) {
    stubs.ticks(1);
    assertEquals(announced(), 256, "A pause is nothing yet");
  }
  stubs.ticks(1);
  assertEquals(announced(), left, "All that waits, once it is quiet");
  assert(!stubs.isArmed);
});

pure("Tree does not announce to who has announced the same", () => {
  const stubs = new Stubs("a", "b");
  stubs.says("b", "PRUNE r");
  stubs.says("a", at("r", 1, "a"));
  stubs.says("b", "IHAVE 1", version("r", 1));
  stubs.ticks(99);
  assertEquals(stubs.sent("b"), []);
});

pure("Tree pushes to who grafts, also what nobody has pruned", () => {
  const stubs = new Stubs("a", "b");
  stubs.says("b", "PRUNE r");
  stubs.says("a", at("r", 1, "a"));
  stubs.says("b", "GRAFT 2", "kiwi", "nobody");
  assertEquals(stubs.sent("b"), [at("r", 1, "Me")]);
  stubs.says("a", at("r", 2, "a"));
  assertEquals(stubs.sent("b"), [at("r", 2, "Me")]);
});

pure("Tree grafts what is missing, from one after the other", () => {
  const stubs = new Stubs("a", "b", "c");
  stubs.says("b", "IHAVE 1", version("r", 2));
  stubs.says("c", "IHAVE 1", version("r", 2));
  stubs.says("a", "IHAVE 1", version("r", 1));
  assert(stubs.isArmed);
  assertEquals(stubs.sent("b"), []);
  stubs.ticks(2);
  assertEquals(stubs.sent("b"), ["GRAFT 1", "kiwi"]);
  stubs.ticks(9);
  assertEquals(stubs.sent("c"), []);
  stubs.ticks(1);
  assertEquals(stubs.sent("c"), ["GRAFT 1", "kiwi"]);
  stubs.says("c", at("r", 2, "c"));
  stubs.ticks(99);
  for (const peer of ["a", "b"]) {
    assertEquals(stubs.sent(peer), [at("r", 2, "Me")]);
  }
  assert(!stubs.isArmed);
});

pure(
  "Tree grafts nothing that comes in time, and asks nobody who is gone",
  () => {
    const stubs = new Stubs("a", "b");
    stubs.says("b", "IHAVE 1", version("r", 2));
    stubs.says("a", at("r", 2, "a"));
    stubs.ticks(99);
    assertEquals(stubs.sent("b"), [at("r", 2, "Me")]);
    stubs.says("b", "IHAVE 1", version("r", 3));
    stubs.link("b").down();
    stubs.ticks(99);
    assert(!stubs.isArmed);
  },
);

/**
 * Ticks from an announcement until it is asked for, while a neighbour goes on
 * sending what another client tells server `root`.
 */
function ticksToGraft(stubs: Stubs, root: string, updates = 300): number {
  stubs.says("b", "IHAVE 1", version("r", 99));
  for (let ticks = 0; ticks < 99; ticks++) {
    if (stubs.sent("b").includes("GRAFT 1")) return ticks;
    for (let i = 0; i < updates; i++) {
      const time = ticks * updates + i;
      stubs.says("a", at(root, time, "a").replace("kiwi", "fig"));
    }
    stubs.ticks(1);
  }
  return Infinity;
}

pure(
  "Tree that is busy gives an update time while its tree brings others",
  () => {
    const known = () => {
      const stubs = new Stubs("a", "b");
      stubs.says("a", at("r", 1, "a"));
      stubs.ticks(2);
      return stubs;
    };
    assertEquals(ticksToGraft(known(), "r"), 20);
    assertEquals(ticksToGraft(known(), "q"), 2, "Another tree");
    assertEquals(ticksToGraft(new Stubs("a", "b"), "q"), 20, "Which tree?");
    assertEquals(ticksToGraft(known(), "r", 200), 2, "It is not that busy");
  },
);

pure("Tree goes by the way that it has grafted", () => {
  const stubs = new Stubs("a", "b");
  stubs.says("a", at("r", 1, "a"));
  stubs.says("b", at("r", 1, "b"));
  assertEquals(stubs.sent("b"), ["PRUNE r"]);
  stubs.says("b", "IHAVE 1", version("r", 2));
  stubs.ticks(2);
  assertEquals(stubs.sent("b"), ["GRAFT 1", "kiwi"]);
  stubs.says("b", at("r", 2, "b"));
  stubs.says("a", at("r", 2, "a"));
  assertEquals(stubs.sent("a"), ["PRUNE r"]);
  stubs.says("b", at("r", 3, "b"));
  assertEquals(stubs.sent("b"), []);
});

pure("Tree finds another way when one goes down", () => {
  const stubs = new Stubs("a", "b", "c");
  stubs.says("a", at("r", 1, "a"));
  stubs.link("a").down();
  stubs.says("b", at("r", 2, "b"));
  stubs.says("c", at("r", 2, "c"));
  assertEquals(stubs.sent("c"), ["PRUNE r"]);
  // Both were on their way when they crossed the PRUNE.
  stubs.says("c", at("r", 3, "c"));
  stubs.says("b", at("r", 3, "b"));
  assertEquals(stubs.sent("b"), []);
});

pure("Tree prunes again who pushes all the same, and not at once", () => {
  const stubs = new Stubs("a", "b");
  let time = 0;
  const both = () => {
    time++;
    stubs.says("a", at("r", time, "a"));
    stubs.says("b", at("r", time, "b"));
    return stubs.sent("b").filter((line) => !line.startsWith("PING"));
  };
  assertEquals(both(), ["PRUNE r"]);
  assertEquals(both(), []);
  for (let i = 0; i < 5; i++) {
    stubs.says("b", "PONG 1");
    stubs.link("b").heartbeat();
  }
  assertEquals(both(), ["PRUNE r"]);
  assertEquals(both(), []);
});

pure("Tree has every new link pushed to", () => {
  const stubs = new Stubs("a", "b");
  stubs.says("b", "PRUNE r");
  stubs.up("b");
  stubs.says("a", at("r", 1, "a"));
  assertEquals(stubs.sent("b"), [at("r", 1, "Me")]);
});
