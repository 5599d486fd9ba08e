import { assert, assertEquals, fail } from "@std/assert";
import fc from "fast-check";
import { byteString } from "../../../herd/core/bytes/bytes.ts";
import { MODES } from "../../../herd/core/dissemination/dissemination.ts";
import { lineText } from "../../../herd/core/wire/fix.ts";
import { Line } from "../../../herd/core/wire/line.ts";
import { Node } from "../../../herd/core/node.ts";
import { ByteWriter } from "../../../herd/core/bytes/writer.ts";
import { fixOf, linesOf, pure, storeOf, written } from "./pure.ts";
import { dramas, drill, graphs, moves, setups, stir } from "./drama.ts";
import { type Edge, PureHerd } from "../../../sim/model/pure_herd.ts";

const POSITION = "+34.068930-118.445127";

/** A herd of two, linked, and the replies of its servers. */
function pair() {
  const replies: string[] = [];
  const lookups: unknown[] = [];
  const herd = new PureHerd([["ash", "elm"]], {
    reply: (server, connection, text) =>
      replies.push(`${server}>${connection} ${text}`),
    lookup: (server, connection, at, position, { radiusKm, items }) =>
      lookups.push([server, connection, at, position, radiusKm, items]),
  });
  herd.upAll();
  herd.settle();
  return { herd, replies, lookups };
}

pure("Node acknowledges an IAMAT with the client's own fields", () => {
  const { herd, replies } = pair();
  herd.now = { seconds: 10, nanos: 5 };
  herd.client("c1", "ash", `  IAMAT \xff\t ${POSITION}  9.50\v`);
  const at = `AT ash +0.500000005 \xff ${POSITION} 9.50`;
  assertEquals(replies, [`ash>c1 ${at}\n`]);
  herd.settle();
  assertEquals(herd.records("ash"), [at]);
  assertEquals(herd.records("elm"), [at]);
});

pure("Node acknowledges an older IAMAT, and keeps the newer one", () => {
  const { herd, replies } = pair();
  herd.now = { seconds: 10, nanos: 0 };
  herd.client("c1", "ash", `IAMAT kiwi +1-1 9`);
  herd.settle();
  const sent = herd.total("atOut");
  herd.client("c1", "ash", `IAMAT kiwi +2-2 8`);
  herd.client("c1", "elm", `IAMAT kiwi +3-3 8.5`);
  herd.settle();
  assertEquals(replies.slice(1), [
    "ash>c1 AT ash +2.000000000 kiwi +2-2 8\n",
    "elm>c1 AT elm +1.500000000 kiwi +3-3 8.5\n",
  ]);
  assertEquals(herd.records("elm"), ["AT ash +1.000000000 kiwi +1-1 9"]);
  assertEquals(herd.total("atOut"), sent, "Nothing was flooded");
});

pure("Node tells of each fix that comes and goes, to those who ask", () => {
  const told: string[] = [];
  const node = new Node<string>(
    { name: "ash", seed: 1, echoCancellation: true },
    {
      marked: (answer) => answer(),
      reserve: () => ({ lookup() {}, reply() {} }),
      arm: () => {},
      stored: () => {},
      synced: () => {},
      delivered: (fix, from, isNew) =>
        told.push(`${lineText(fix)} from ${from} ${isNew}`),
      sent: (fix, to) => told.push(`${lineText(fix)} to ${to}`),
    },
  );
  const at = `AT ash +1.000000000 kiwi ${POSITION} 9`;
  const elm = node.onLinkUp("elm");
  const fig = node.onLinkUp("fig");
  const now = { seconds: 10, nanos: 0 };
  const iamat = Line.of(`IAMAT kiwi ${POSITION} 9`);
  node.onClientLine("c1", iamat, new ByteWriter(), now);
  elm.pull(new ByteWriter(), 65_536);
  fig.onLine(Line.of(`${at} fig`));
  fig.pull(new ByteWriter(), 65_536);
  assertEquals(told, [
    `${at} from undefined true`,
    `${at} to elm`,
    `${at} from fig false`,
  ]);
});

pure("Node gives a fix to a neighbour that asks for it, in every mode", () => {
  for (const mode of MODES) {
    const node = new Node<string>(
      { name: "ash", seed: 1, echoCancellation: true, mode },
      {
        marked: (answer) => answer(),
        reserve: () => ({ lookup() {}, reply() {} }),
        arm() {},
        stored() {},
        synced() {},
      },
    );
    const elm = node.onLinkUp("elm");
    const now = { seconds: 10, nanos: 0 };
    const iamat = Line.of(`IAMAT kiwi ${POSITION} 9`);
    node.onClientLine("c1", iamat, new ByteWriter(), now);
    written((out) => elm.pull(out, 65_536));
    for (let round = 0; round < 3; round++) {
      elm.onLine(Line.of("GRAFT 2"));
      elm.onLine(Line.of("fig"));
      elm.onLine(Line.of("kiwi"));
      assertEquals(
        written((out) => elm.pull(out, 65_536)),
        `AT ash +1.000000000 kiwi ${POSITION} 9 ash\n`,
        `${mode}, round ${round}`,
      );
    }
  }
});

pure("Node has a known client looked up, and no other", () => {
  const { herd, replies, lookups } = pair();
  herd.client("c1", "ash", "WHATSAT kiwi 10 5");
  herd.client("c1", "ash", "WHATSAT __proto__ 10 5");
  herd.now = { seconds: 1, nanos: 0 };
  herd.client("c1", "ash", "IAMAT kiwi +1-1 1");
  herd.settle();
  herd.client("c2", "elm", "WHATSAT kiwi 10.0 05");
  assertEquals(lookups, [
    ["elm", "c2", "AT ash +0.000000000 kiwi +1-1 1", "+1-1", "10.0", 5],
  ]);
  assertEquals(replies, [
    "ash>c1 ? WHATSAT kiwi 10 5\n",
    "ash>c1 ? WHATSAT __proto__ 10 5\n",
    "ash>c1 AT ash +0.000000000 kiwi +1-1 1\n",
  ]);
});

pure(
  "Node answers a WHATSAT in its turn where no places service is to be asked",
  () => {
    for (const mode of ["flood", "ondemand"] as const) {
      const out = new ByteWriter();
      const node = new Node<string>(
        {
          name: "ash",
          seed: 1,
          echoCancellation: true,
          mode,
          placesBody: "{}",
        },
        {
          marked: (answer) => answer(),
          reserve: () => ({
            lookup: () => fail("There is nothing to look up"),
            reply: (text) => out.text(text),
          }),
          arm() {},
          stored() {},
          synced() {},
        },
      );
      const now = { seconds: 10, nanos: 0 };
      const say = (line: string) =>
        node.onClientLine("c1", Line.of(line), out, now);
      say(`IAMAT \xff${POSITION} ${POSITION} 9`);
      say(` WHATSAT\t\xff${POSITION}  50 020`);
      say("WHATSAT kiwi 10 5");
      say(`IAMAT \xff${POSITION} +0-0 1`);
      say(`WHATSAT \xff${POSITION} 0 0`);
      const at = `AT ash +1.000000000 \xff${POSITION} ${POSITION} 9`;
      assertEquals(byteString(out.bytes).split("\n"), [
        at,
        ...[at, "{}", ""],
        "? WHATSAT kiwi 10 5",
        `AT ash +9.000000000 \xff${POSITION} +0-0 1`,
        ...[at, "{}", ""],
        "",
      ]);
      assertEquals(node.stats.whatsat, 2);
      assertEquals(node.stats.bad, 1);
    }
  },
);

pure("Node answers a bad line by the line, and a blank one by nothing", () => {
  const { herd, replies } = pair();
  const bad = ["hello", " IAMAT\t x ", "\0\xff", `AT ash +0.0 a b c elm`];
  for (const line of ["", " \t ", ...bad]) herd.client("c1", "ash", line);
  assertEquals(replies, bad.map((line) => `ash>c1 ? ${line}\n`));
  const { iamat, whatsat, bad: count, stored } = herd.node("ash").stats;
  assertEquals({ iamat, whatsat, count, stored }, {
    iamat: 0,
    whatsat: 0,
    count: 4,
    stored: 0,
  });
});

pure("Node counts what it does", () => {
  const { herd } = pair();
  herd.client("c1", "ash", "IAMAT kiwi +1-1 1");
  herd.client("c1", "ash", "IAMAT fig +1-1 1");
  assertEquals(herd.node("ash").queued, 2);
  herd.settle();
  assertEquals(herd.node("ash").stats, {
    iamat: 2,
    whatsat: 0,
    bad: 0,
    stored: 2,
    told: 2,
    atIn: 0,
    atOut: 2,
    duplicates: 0,
    repairs: 0,
    controlOut: 0,
    syncOut: 1,
    queries: 0,
    queriesPartial: 0,
  });
  assertEquals(herd.node("elm").stats.atIn, 2);
  assertEquals(herd.node("elm").stats.stored, 2);
  assertEquals(herd.node("elm").stats.told, 0);
  assertEquals([herd.node("ash").queued, herd.node("elm").count], [0, 2]);
});

pure(
  "Node counts as told what clients tell it, not what it learns otherwise",
  () => {
    const herd = new PureHerd([["ash", "elm"]], {}, { mode: "ondemand" });
    herd.upAll();
    herd.settle();
    for (const _ of [1, 2]) herd.client("c1", "ash", "IAMAT kiwi +1-1 1");
    herd.client("c2", "elm", "WHATSAT kiwi 10 5");
    herd.settle();
    const counts = ["ash", "elm"].map((name) => {
      const { stored, told } = herd.node(name).stats;
      return [stored, told];
    });
    assertEquals(counts, [[1, 1], [1, 0]]);
  },
);

pure(
  "Node.onLinkUp() gives a link that is up until it is told that it is down",
  () => {
    const { herd } = pair();
    const node = herd.node("ash");
    assertEquals(node.linked, ["elm"]);
    const first = herd.link("ash", "elm");
    const second = node.onLinkUp("elm");
    first.down();
    assertEquals(node.linked, ["elm"], "It was replaced, and down before");
    second.down();
    assertEquals(node.linked, []);
    second.down();
    assertEquals(node.linked, []);
  },
);

pure("Node begins anew when a link is replaced", () => {
  const { herd } = pair();
  const node = herd.node("ash");
  herd.client("c1", "ash", "IAMAT kiwi +1-1 1");
  assertEquals(node.queued, 1);
  herd.link("ash", "elm").onLine(Line.of("HAVE 5"));
  const elm = node.onLinkUp("elm");
  assertEquals(node.queued, 0, "The sync sends it");
  const { count, fingerprint } = node.digest();
  const pulled = written((out) => elm.pull(out, 9));
  assertEquals(pulled, `SYNC ${count} ${fingerprint}\n`);
  assertEquals(elm.onLine(Line.of("PING 1")), undefined);
});

/** AT lines that one update costs in a quiet herd, and the least and the most. */
function costs(edges: Edge[], moves: number[], origin: number, echo: boolean) {
  const herd = new PureHerd(edges, {}, { echoCancellation: echo });
  herd.upAll();
  herd.settle();
  herd.client("c", "s0", "IAMAT fig +0-0 1");
  herd.settle();
  const before = herd.total("atOut");
  const { names } = herd;
  herd.client("c", names[origin % names.length]!, "IAMAT kiwi +0-0 1");
  stir(herd, moves);
  herd.settle();
  for (const name of names) assertEquals(herd.node(name).count, 2);
  assertEquals(herd.total("atIn"), herd.total("atOut"), "None is lost");
  const links = edges.length;
  const cost = herd.total("atOut") - before;
  return { cost, least: links, most: 2 * links - (names.length - 1) };
}

pure("Node floods an update at a cost of E to 2E-(N-1) lines", () => {
  fc.assert(
    fc.property(graphs, moves, fc.nat(), (edges, moves, origin) => {
      const { cost, least, most } = costs(edges, moves, origin, true);
      assert(least <= cost && cost <= most, `${least} ${cost} ${most}`);
      // On a tree both are N-1.
      const names = new Set(edges.flat()).size;
      if (edges.length === names - 1) assertEquals(cost, names - 1);
    }),
    { numRuns: 300 },
  );
});

pure("Node without echo cancellation floods at a cost of 2E-(N-1)", () => {
  fc.assert(
    fc.property(graphs, moves, fc.nat(), (edges, moves, origin) => {
      const { cost, most } = costs(edges, moves, origin, false);
      assertEquals(cost, most);
    }),
    { numRuns: 300 },
  );
});

pure("Node spares a line where two neighbours would cross", () => {
  const ring: Edge[] = [["s0", "s1"], ["s1", "s2"], ["s0", "s2"]];
  const herd = new PureHerd(ring);
  herd.upAll();
  herd.settle();
  herd.client("c", "s0", "IAMAT kiwi +0-0 1");
  herd.settle((from, to) => from === "s1" && to === "s2");
  assertEquals(herd.node("s1").queued, 0, "s2 has sent it meanwhile");
  assertEquals(herd.total("atOut"), 3);
});

pure("Node and others like it end equal, whatever happens to them", () => {
  fc.assert(
    fc.property(graphs, dramas, setups, (edges, events, setup) => {
      const { acknowledged, records } = drill(edges, events, setup);
      for (const line of records) assert(acknowledged.includes(line), line);
    }),
    { numRuns: 800 },
  );
});

pure("Node and others like it lose nothing unless a server dies", () => {
  const noCrash = dramas.map((events) =>
    events.filter(({ kind }) => kind !== "crash")
  );
  fc.assert(
    fc.property(graphs, noCrash, setups, (edges, events, setup) => {
      const { acknowledged, records } = drill(edges, events, setup);
      const newest = storeOf(acknowledged.map(fixOf));
      assertEquals(records, linesOf(newest).sort());
    }),
    { numRuns: 800 },
  );
});

pure("Node takes any bytes from clients and neighbours", () => {
  const word = fc.constantFrom(
    ..."IAMAT WHATSAT AT SYNC HAVE WANT IHAVE GRAFT PRUNE QUERY ANSWER PING PONG ash elm kiwi 0 1 2 5"
      .split(
        " ",
      ),
    "+0-0",
    "+0.000000001",
    "0123456789abcdef",
  );
  const bytes = fc.uint8Array({ maxLength: 12 })
    .map((bytes) => String.fromCharCode(...bytes));
  const line = fc.array(fc.oneof(word, word, bytes), { maxLength: 8 })
    .map((words) => words.join(" ").replaceAll("\n", ""));
  const lines = fc.array(fc.tuple(fc.boolean(), line), { maxLength: 30 });
  fc.assert(
    fc.property(lines, (lines) => {
      const { herd } = pair();
      const link = herd.link("ash", "elm");
      for (const [isClient, line] of lines) {
        if (isClient) herd.client("c", "ash", line);
        else link.onLine(Line.of(line));
        written((out) => link.pull(out, 100));
      }
    }),
    { numRuns: 500 },
  );
});
