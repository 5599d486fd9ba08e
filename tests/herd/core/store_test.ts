import { assert, assertEquals, assertNotEquals } from "@std/assert";
import fc from "fast-check";
import type { Fix } from "../../../herd/core/fix.ts";
import { parseAtLine } from "../../../herd/core/message.ts";
import { Store } from "../../../herd/core/store.ts";
import { pure } from "./pure.ts";

function fix(client: string, time: string, difference = "+0.000000001"): Fix {
  return parseAtLine(`AT Alford ${difference} ${client} +0-0 ${time}`)!;
}

function storeOf(fixes: Iterable<Fix>): Store {
  const store = new Store();
  for (const fix of fixes) store.merge(fix.client, fix);
  return store;
}

function linesOf(store: Store): string[] {
  return Array.from(store.entries(), ({ fix }) => fix.line).sort();
}

/** What two stores must agree on. */
function stateOf(store: Store): unknown {
  return { digest: store.digest(), lines: linesOf(store) };
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
  const store = new Store();
  const [one, two] = [fix("kiwi", "1"), fix("kiwi", "2")];
  assertEquals(store.merge("kiwi", one)?.fix, one);
  assertEquals(store.merge("kiwi", one), undefined);
  assertEquals(store.merge("kiwi", two)?.fix, two);
  assertEquals(store.merge("kiwi", one), undefined);
  assertEquals(store.get("kiwi")?.fix, two);
  assertEquals(store.get("fig"), undefined);
  assertEquals(store.get("__proto__"), undefined);
  assertEquals(store.count, 1);
});

pure("Store.merge() is idempotent, commutative and associative", () => {
  fc.assert(
    fc.property(fixes, fixes, fixes, fc.nat(), (a, b, c, seed) => {
      const expected = stateOf(storeOf([...a, ...b, ...c]));
      const orders = [
        [...c, ...b, ...a],
        [...a, ...a, ...b, ...c, ...b],
        [...b, ...linesOf(storeOf([...a, ...c])).map((it) => parseAtLine(it)!)],
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
      const store = new Store();
      for (const [i, fix] of fixes.entries()) {
        store.merge(fix.client, fix);
        if (asked[i]) store.digest();
      }
      assertEquals(stateOf(store), stateOf(storeOf(fixes)));
    }),
  );
});

pure("Store.digest() of two stores is right though they share a fix", () => {
  const shared = fix("kiwi", "1");
  const [a, b] = [storeOf([shared]), storeOf([shared])];
  assertEquals(a.digest(), b.digest());
  a.merge("kiwi", fix("kiwi", "2"));
  b.merge("kiwi", fix("kiwi", "2"));
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

pure("Store.tie() is the hash of one client's fix", () => {
  const store = storeOf([fix("kiwi", "1")]);
  const tie = store.tie("kiwi");
  assertEquals(tie, store.digest().fingerprint, "One fix is its own sum");
  store.merge("kiwi", fix("kiwi", "2"));
  assertNotEquals(store.tie("kiwi"), tie);
  assertEquals(store.tie("fig"), undefined);
});

pure("Store.entries() gives what came while it was gone through", () => {
  const store = storeOf([fix("kiwi", "1")]);
  const entries = store.entries();
  assertEquals(entries.next().value?.client, "kiwi");
  store.merge("fig", fix("fig", "1"));
  const { value } = entries.next();
  assert(value !== undefined);
  assertEquals(value.client, "fig");
});
