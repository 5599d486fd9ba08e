import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { DisseminationMode } from "../../../../herd/core/dissemination/dissemination.ts";
import { lineText } from "../../../../herd/core/wire/fix.ts";
import { dramas, graphs, happen } from "../drama.ts";
import { fixOf, linesOf, pure, storeOf } from "../pure.ts";
import {
  type Edge,
  type HerdSetup,
  PureHerd,
} from "../../../../sim/model/pure_herd.ts";

/** A herd in which updates stay where they were made, and what it says. */
function herdOf(edges: readonly Edge[], setup: HerdSetup = {}) {
  const replies: string[] = [];
  const partial: string[] = [];
  const herd = new PureHerd(edges, {
    reply: (server, _, text) => replies.push(`${server} ${text}`),
    lookup: (server, _, at) => replies.push(`${server} ${at}`),
    unanswered: (server, client, links) =>
      partial.push(`${server} ${client} ${links}`),
  }, { mode: "ondemand", ...setup });
  herd.upAll();
  herd.settle();
  herd.now = { seconds: 9, nanos: 0 };
  return { herd, replies, partial };
}

const RING: Edge[] = [["a", "b"], ["b", "c"], ["c", "d"], ["a", "d"]];

pure(
  "Node on demand sends an update to nobody, and an answer to who asks",
  () => {
    const { herd, replies } = herdOf(RING);
    herd.client("c", "a", "IAMAT kiwi +0-0 9");
    herd.settle();
    assertEquals(herd.total("atOut"), 0);
    assertEquals(herd.total("syncOut"), 0);
    herd.client("c", "c", "WHATSAT kiwi 10 5");
    assertEquals(replies.length, 1, "Not yet");
    herd.settle();
    const at = "AT a +0.000000000 kiwi +0-0 9";
    assertEquals(replies, [`a ${at}\n`, `c ${at}`]);
    assertEquals(herd.records("b"), []);
    assertEquals(herd.records("c"), [at], "What a client was told is kept");
    assertEquals(herd.total("whatsat"), 1);
  },
);

pure("Node on demand asks though it knows an older fix", () => {
  const { herd, replies } = herdOf(RING);
  herd.client("c", "a", "IAMAT kiwi +0-0 9");
  herd.client("c", "c", "IAMAT kiwi +1-1 8");
  herd.client("c", "c", "WHATSAT kiwi 10 5");
  herd.settle();
  assertEquals(replies.at(-1), "c AT a +0.000000000 kiwi +0-0 9");
});

pure("Node on demand answers by the line where nobody knows", () => {
  const { herd, replies, partial } = herdOf(RING);
  herd.client("c", "a", "WHATSAT  kiwi 10 5");
  herd.settle();
  assertEquals(replies, ["a ? WHATSAT  kiwi 10 5\n"]);
  assertEquals(herd.node("a").stats.bad, 1);
  assertEquals(partial, []);
});

pure("Node on demand, alone, answers at once", () => {
  const { herd, replies } = herdOf(RING);
  herd.crash("a");
  herd.client("c", "a", "WHATSAT kiwi 10 5");
  assertEquals(replies, ["a ? WHATSAT kiwi 10 5\n"]);
});

pure("Node on demand says how many links gave no answer", () => {
  const { herd, replies, partial } = herdOf([["a", "b"], ["b", "c"]]);
  herd.client("c", "c", "IAMAT kiwi +0-0 9");
  herd.client("c", "b", "IAMAT kiwi +0-0 8");
  const isCut = (from: string, to: string) => from === "b" && to === "c";
  herd.client("c", "a", "WHATSAT kiwi 10 5");
  herd.settle(isCut);
  const older = "AT b +1.000000000 kiwi +0-0 8";
  assertEquals(replies.at(-1), `a ${older}`);
  assertEquals(partial, ["a kiwi 1"]);
  const { queries, queriesPartial } = herd.node("a").stats;
  assertEquals([queries, queriesPartial], [1, 1]);
  herd.settle();
  assertEquals(replies.length, 3, "An answer that is late is no answer");
});

pure("Node on demand does not wait for a link that has gone down", () => {
  const { herd, replies, partial } = herdOf([["a", "b"], ["b", "c"]]);
  herd.client("c", "a", "WHATSAT kiwi 10 5");
  herd.rest((from) => from === "c");
  assertEquals(replies, []);
  herd.down("b", "c");
  herd.rest();
  assertEquals(replies, ["a ? WHATSAT kiwi 10 5\n"]);
  assertEquals(partial, ["a kiwi 1"]);
});

pure(
  "Node on demand, asked again by a link that came up, waits for nobody who has answered",
  () => {
    const { herd, replies } = herdOf([["a", "b"], ["b", "c"], ["a", "c"]]);
    const isToC = (_: string, to: string) => to === "c";
    herd.client("c", "c", "IAMAT kiwi +0-0 9");
    herd.client("c", "a", "WHATSAT kiwi 10 5");
    // b asks c by a link that goes down, and tells a so.
    herd.rest(isToC);
    herd.down("b", "c");
    herd.rest(isToC);
    herd.up("b", "c");
    herd.up("c", "b");
    // c asks b by the new one, and b asks a, who has b's answer.
    herd.rest();
    assertEquals(replies.at(-1), "a AT c +0.000000000 kiwi +0-0 9");
  },
);

pure("Node on demand does not wait for a neighbour that is silent", () => {
  const { herd, replies, partial } = herdOf([["a", "b"]]);
  herd.heartbeat(2);
  herd.client("c", "a", "WHATSAT kiwi 10 5");
  assertEquals(replies, ["a ? WHATSAT kiwi 10 5\n"]);
  assertEquals(partial, ["a kiwi 1"]);
});

pure(
  "Node takes part in so many queries at a time, and answers others alone",
  () => {
    const limits = { queryMsMax: 2_000, queriesMax: 2 };
    const { herd, replies, partial } = herdOf([["a", "b"]], { limits });
    for (let i = 0; i < 3; i++) herd.client("c", "a", "WHATSAT kiwi 10 5");
    assertEquals(replies.length, 1);
    assertEquals(partial, ["a kiwi 1"]);
    herd.settle();
    assertEquals(replies.length, 3);
  },
);

pure("Node ends a query after the time it is given", () => {
  const limits = { queryMsMax: 200, queriesMax: 10 };
  const { herd, replies } = herdOf([["a", "b"]], { limits });
  herd.client("c", "a", "WHATSAT kiwi 10 5");
  for (let i = 0; i < 3; i++) herd.tick();
  assertEquals(replies.length, 0);
  herd.tick();
  assertEquals(replies.length, 1);
  assert(!herd.tick());
});

pure("Node asks the herd by 2E lines", () => {
  fc.assert(
    fc.property(graphs, fc.nat(), (edges, asker) => {
      const { herd, partial } = herdOf(edges);
      const { names } = herd;
      herd.client("c", names[asker % names.length]!, "WHATSAT kiwi 10 5");
      herd.rest();
      assertEquals(herd.total("controlOut"), 2 * edges.length);
      assertEquals(partial, []);
    }),
    { numRuns: 300 },
  );
});

/** Servers in a line. */
function lineOf(servers: number): Edge[] {
  return Array.from({ length: servers - 1 }, (_, i) => [`s${i}`, `s${i + 1}`]);
}

pure("Node asks a line of 100 from one end to the other", () => {
  const { herd, replies, partial } = herdOf(lineOf(100));
  herd.client("c", "s99", "IAMAT kiwi +0-0 9");
  herd.client("c", "s0", "WHATSAT kiwi 10 5");
  herd.rest();
  assertEquals(herd.total("controlOut"), 2 * 99);
  assertEquals(replies.at(-1), "s0 AT s99 +0.000000000 kiwi +0-0 9");
  assertEquals(partial, []);
});

pure("Node hears what was found on the way to who does not answer", () => {
  const { herd, replies, partial } = herdOf(lineOf(12));
  herd.client("c", "s10", "IAMAT kiwi +0-0 9");
  herd.client("c", "s0", "WHATSAT kiwi 10 5");
  herd.settle((from) => from === "s11");
  assertEquals(replies.at(-1), "s0 AT s10 +0.000000000 kiwi +0-0 9");
  assertEquals(partial, ["s0 kiwi 1"]);
});

/** What a server finds of a client. */
function found(herd: PureHerd, server: string, client: string) {
  let line: string | undefined;
  herd.node(server).find(client, ({ fix }) => line = fix && lineText(fix));
  herd.settle();
  return line;
}

const mixtures: fc.Arbitrary<readonly DisseminationMode[]> = fc.constantFrom<
  readonly DisseminationMode[]
>(["ondemand"], ["ondemand"], ["ondemand", "flood", "tree"]);

pure("Node on demand finds the newest that any server holds, healed", () => {
  fc.assert(
    fc.property(graphs, dramas, mixtures, (edges, events, modes) => {
      const herd = new PureHerd(edges, {}, {
        modeOf: (name) => modes[Number(name.slice(1)) % modes.length]!,
      });
      for (const event of events) happen(herd, event);
      herd.upAll();
      for (const [from, to] of herd.directions()) answerBeats(herd, from, to);
      herd.settle();
      const held = herd.names.flatMap((name) => herd.records(name));
      const newest = linesOf(storeOf(held.map(fixOf)));
      for (const line of newest) {
        const { 3: client } = line.split(" ");
        for (const name of herd.names) {
          if (modes[Number(name.slice(1)) % modes.length] !== "ondemand") {
            continue;
          }
          assertEquals(found(herd, name, client!), line);
        }
      }
    }),
    { numRuns: 500 },
  );
});

/** Whatever PINGs went unanswered, they are now. */
function answerBeats(herd: PureHerd, from: string, to: string): void {
  herd.link(from, to).heartbeat();
}
