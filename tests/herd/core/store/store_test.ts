import {
  assert,
  assertEquals,
  assertNotEquals,
  assertThrows,
} from "@std/assert";
import fc from "fast-check";
import { ByteBlock } from "../../../../herd/core/bytes/block.ts";
import { bytesOf } from "../../../../herd/core/bytes/bytes.ts";
import {
  clientText,
  type FixSpan,
  isNewer,
  lineText,
  timeText,
} from "../../../../herd/core/wire/fix.ts";
import { hashText } from "../../../../herd/core/bytes/hash.ts";
import { parseLinkLine } from "../../../../herd/core/wire/link_message.ts";
import { Store } from "../../../../herd/core/store/store.ts";
import {
  fix,
  fixOf,
  linesOf,
  lineWithin,
  pure,
  storeOf,
  written,
} from "../pure.ts";

/** What two stores must agree on. */
function stateOf(store: Store): unknown {
  return { digest: store.digest(), lines: linesOf(store).sort() };
}

const fixes = fc.array(
  fc.tuple(
    fc.constantFrom("kiwi", "__proto__", "constructor", "\xff"),
    fc.constantFrom("1", "1.0", "1.0000000001", "-1", "9".repeat(30)),
    fc.constantFrom("+0.000000001", "+0.000000002"),
  ).map((parts) => fix(...parts)),
  { maxLength: 12 },
);

pure("Store.merge() keeps the newest, and tells whether it did", () => {
  const store = new Store(1);
  const [one, two] = [fix("kiwi", "1"), fix("kiwi", "2")];
  assertEquals(store.merge(one), 0);
  assertEquals(store.merge(one), -1);
  assertEquals(linesOf(store), [lineText(one)]);
  assertEquals(store.merge(two), 0);
  assertEquals(store.merge(one), -1);
  assertEquals(linesOf(store), [lineText(two)]);
  assertEquals(store.merge(fix("fig", "1")), 1);
  assertEquals(store.count, 2);
});

pure("Store.find() knows a client by all bytes of its ID", () => {
  const store = storeOf([fix("kiwi", "1"), fix("k", "1"), fix("\xff", "1")]);
  const found = ["kiwi", "k", "\xff", "kiw", "kiwis", "fig", "__proto__", ""]
    .map((client) => store.findClient(client));
  assertEquals(found, [0, 1, 2, -1, -1, -1, -1, -1]);
  const block = new ByteBlock(bytesOf("xkiwix"));
  assertEquals(store.find(block, 1, 5), 0);
  assertEquals(store.find(block, 1, 2), 1);
});

pure("Store.holds() a fix that it has, and those before it", () => {
  const store = storeOf([fix("kiwi", "2")]);
  const held = (
    ...parts: Parameters<typeof fix>
  ) => [store.holds(fix(...parts)), store.isHeld(fix(...parts), 0)];
  assertEquals(held("kiwi", "2"), [true, true]);
  assertEquals(held("kiwi", "1"), [true, false]);
  assertEquals(held("kiwi", "3"), [false, false]);
  assertEquals(held("kiwi", "2", "+0.000000000"), [true, false]);
  assertEquals(held("kiwi", "2", "+0.000000002"), [false, false]);
  assertEquals(held("fig", "1"), [false, false]);
});

pure("Store.merge() refuses a line over 1 MiB, and stays as it was", () => {
  const longest = (time: string) => fix("kiwi", time + "0".repeat(1_048_576));
  const store = storeOf([fix("fig", "1")]);
  assertThrows(() => store.merge(longest("1.")), RangeError, "1048");
  assertEquals([store.count, store.findClient("kiwi")], [1, -1]);
  store.merge(fix("kiwi", "1"));
  const before = stateOf(store);
  assertThrows(() => store.merge(longest("2.")), RangeError, "1048");
  assertEquals(stateOf(store), before);
  assertEquals(store.merge(fix("kiwi", "3")), 1);
});

pure("Store.merge() is idempotent, commutative and associative", () => {
  fc.assert(
    fc.property(fixes, fixes, fixes, fc.nat(), (a, b, c, seed) => {
      const expected = stateOf(storeOf([...a, ...b, ...c]));
      const orders = [
        [...c, ...b, ...a],
        [...a, ...a, ...b, ...c, ...b],
        [...b, ...linesOf(storeOf([...a, ...c])).map(fixOf)],
        shuffled([...a, ...b, ...c, ...a], seed),
      ];
      for (const order of orders) {
        assertEquals(stateOf(storeOf(order)), expected);
      }
    }),
  );
});

function shuffled<T>(items: T[], seed: number): T[] {
  return items.map((item, i) => ({ item, key: Math.imul(seed + i, 40_503) }))
    .sort((a, b) => a.key - b.key).map(({ item }) => item);
}

pure("Store.digest() depends on what is held, not on when it was asked", () => {
  fc.assert(
    fc.property(fixes, fc.array(fc.boolean()), (fixes, asked) => {
      const store = new Store(1);
      for (const [i, fix] of fixes.entries()) {
        store.merge(fix);
        if (asked[i]) store.digest();
      }
      assertEquals(stateOf(store), stateOf(storeOf(fixes)));
    }),
  );
});

pure(
  "Store.tidy() hashes some, and tells whether as many and more are left",
  () => {
    const store = new Store(1);
    const write = (time: string) => {
      for (let i = 0; i < 20_000; i++) store.merge(fix(`client${i}`, time));
    };
    for (const time of ["1", "2"]) {
      write(time);
      assert(store.tidy(), "12,000 are left");
      assert(!store.tidy(), "4,000 are left");
      assert(!store.tidy(), "none is left");
      const { fingerprint } = store.digest();
      const other = new Store(2);
      for (let i = 0; i < 20_000; i++) other.merge(fix(`client${i}`, time));
      assertEquals(fingerprint, other.digest().fingerprint);
    }
  },
);

pure("Store.digest() of two stores is right though they share a fix", () => {
  const shared = fix("kiwi", "1");
  const [a, b] = [storeOf([shared]), storeOf([shared])];
  assertEquals(a.digest(), b.digest());
  a.merge(fix("kiwi", "2"));
  b.merge(fix("kiwi", "2"));
  assertEquals(a.digest(), b.digest());
});

pure("Store.digest() tells any two different stores apart", () => {
  const table = [
    storeOf([]),
    storeOf([fix("kiwi", "1")]),
    storeOf([fix("kiwi", "1.0")]),
    storeOf([fix("kiwi", "1", "+0.000000002")]),
    storeOf([fix("fig", "1")]),
    storeOf([fix("fig", "1"), fix("kiwi", "1")]),
    storeOf([fix("fig", "2"), fix("kiwi", "1")]),
    storeOf([fix("fig", "1"), fix("kiwi", "2")]),
  ];
  const found = new Set(table.map((it) => it.digest().fingerprint));
  assertEquals(found.size, table.length);
  assertEquals(table[0]!.digest(), {
    count: 0,
    fingerprint: "0000000000000000",
  });
});

pure("Store.hashOf() is the hash of one client's fix", () => {
  const store = storeOf([fix("kiwi", "1")]);
  const tie = hashText(store.hashOf(0));
  assertEquals(tie, store.digest().fingerprint, "One fix is its own sum");
  store.merge(fix("kiwi", "2"));
  assertNotEquals(hashText(store.hashOf(0)), tie);
});

pure("Store.writeVersion() names the client, its time and the hash", () => {
  const store = storeOf([fix("kiwi", "1"), fix("\xff", "-1.50")]);
  const tie = hashText(store.hashOf(1));
  const text = written((out) => store.writeVersion(1, out));
  assertEquals(text, `\xff -1.50 ${tie}`);
});

/** Fixes of lines of all lengths, in the middle of a block or in their own. */
const anyFixes = fc.array(
  fc.record({
    client: fc.oneof(
      fc.constantFrom("kiwi", "fig", "\xff", "__proto__"),
      fc.nat({ max: 80 }).map((number) => `client${number}`),
    ),
    time: fc.oneof(
      fc.nat({ max: 60 }).map(String),
      fc.tuple(fc.nat({ max: 9 }), fc.nat({ max: 300 }))
        .map(([seconds, length]) => `${seconds}.${"0".repeat(length + 1)}`),
      fc.nat({ max: 9 }).map((digit) => `${"9".repeat(20)}.${digit}`),
    ),
    difference: fc.constantFrom("+0.000000001", "+10.000000000"),
    isInside: fc.boolean(),
  }).map(({ client, time, difference, isInside }) => {
    const own = fix(client, time, difference);
    if (!isInside) return own;
    const message = parseLinkLine(lineWithin(`${lineText(own)} elm`), "elm");
    assert(message.kind === "at");
    return message.fix;
  }),
  { maxLength: 200, size: "max" },
);

pure("Store gives lines back byte for byte, however often they grew", () => {
  fc.assert(
    fc.property(anyFixes, fc.nat(), (fixes, seed) => {
      const store = new Store(seed);
      // The dumb version: clients in the order in which they came.
      const newest = new Map<string, FixSpan>();
      for (const fix of fixes) {
        const id = clientText(fix);
        const held = newest.get(id);
        const isTaken = held === undefined || isNewer(fix, held);
        assertEquals(store.holds(fix), !isTaken);
        if (isTaken) newest.set(id, fix);
        const client = store.merge(fix);
        assertEquals(client, isTaken ? store.findClient(id) : -1);
        assertEquals(store.count, newest.size);
      }
      assertEquals(linesOf(store), [...newest.values()].map(lineText));
      for (const [client, [id, fix]] of [...newest].entries()) {
        assertEquals(store.findClient(id), client);
        const held = store.fix(client);
        assertEquals([clientText(held), timeText(held)], [id, timeText(fix)]);
        const { seconds, nanos } = held;
        assertEquals([seconds, nanos], [fix.seconds, fix.nanos]);
        const line = written((out) => store.writeLine(client, out));
        assertEquals(line, lineText(fix));
      }
      assertEquals(store.digest(), storeOf(fixes.toReversed()).digest());
    }),
  );
});
