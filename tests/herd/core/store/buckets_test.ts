import { assertEquals, assertNotEquals } from "@std/assert";
import fc from "fast-check";
import {
  Buckets,
  childrenOf,
  childrenText,
  differing,
  leafAt,
  leafOf,
} from "../../../../herd/core/store/buckets.ts";
import { DEFAULT_TUNING } from "../../../../herd/core/tuning.ts";
import { bytesOf } from "../../../../herd/core/bytes/bytes.ts";
import { lineText } from "../../../../herd/core/wire/fix.ts";
import {
  type Hash,
  hashOf,
  HashSums,
  hashText,
} from "../../../../herd/core/bytes/hash.ts";
import { Store } from "../../../../herd/core/store/store.ts";
import { fix, pure, storeOf } from "../pure.ts";

/** The hash of a text. */
function hash(text: string): Hash {
  return hashOf(bytesOf(text), 0, text.length);
}

const someChildren = fc.uniqueArray(fc.nat({ max: 255 }))
  .map((children) => children.toSorted((a, b) => a - b));

pure("childrenOf() reads what childrenText() writes", () => {
  assertEquals(childrenText([0, 7, 255]), "81" + "0".repeat(61) + "1");
  fc.assert(
    fc.property(someChildren, (children) => {
      assertEquals(childrenOf(childrenText(children)), children);
    }),
  );
});

pure("differing() names the sums that are not the same", () => {
  const sums = (children: readonly number[]) =>
    Array.from(
      { length: 256 },
      (_, child) =>
        children.includes(child) ? "000000000000000f" : "0".repeat(16),
    ).join("");
  fc.assert(
    fc.property(someChildren, (children) => {
      assertEquals(differing(sums(children), sums([])), children);
      assertEquals(differing(sums(children), sums(children)), []);
    }),
  );
});

pure("leafOf() spreads clients over all leaves", () => {
  const found = new Set<number>();
  for (let i = 0; i < 200_000; i++) found.add(leafOf(hash(`load-${i}`)));
  // Of 65,536 leaves, e^-3 or so must stay empty.
  assertEquals(Math.round(found.size / 65_536 * 100), 95);
});

/** Sums over the fixes of a store that are in a leaf or bucket, the slow way. */
function sumOf(store: Store, isIn: (leaf: number) => boolean): string {
  const sum = new HashSums(1);
  for (let client = 0; client < store.count; client++) {
    const fix = store.fix(client);
    const { bytes } = fix.block;
    if (isIn(leafOf(hashOf(bytes, fix.clientStart, fix.clientEnd)))) {
      sum.add(0, hash(lineText(fix)));
    }
  }
  return hashText(sum.at(0));
}

pure("Buckets have the sums of what is held, whenever they are asked", () => {
  const name = (client: number) => `load-${client}`;
  const step = fc.oneof(
    fc.record({ client: fc.nat({ max: 30 }), time: fc.nat({ max: 9 }) }),
    fc.constantFrom("digest", "sums", "tidy", "version"),
  );
  const base = Array.from({ length: 40 }, (_, i) => fix(name(i % 20), `${i}`));
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const store = storeOf(base);
      for (const step of steps) {
        if (step === "digest") store.digest();
        else if (step === "sums") store.buckets();
        else if (step === "tidy") store.tidy();
        else if (step === "version") store.hashOf(store.count - 1);
        else store.merge(fix(name(step.client), `3${step.time}`));
      }
      const leaf = leafOf(hash(name(3)));
      const bucket = leaf >> 8;
      const buckets = store.buckets();
      const at = (sums: string, child: number) =>
        sums.slice(child * 16, child * 16 + 16);
      assertEquals(
        at(buckets.leafSums(bucket), leaf & 255),
        sumOf(store, (it) => it === leaf),
      );
      assertEquals(
        at(buckets.bucketSums(), bucket),
        sumOf(store, (it) => it >> 8 === bucket),
      );
      assertEquals([...buckets.clients(leaf)], [store.findClient(name(3))]);
    }),
  );
});

pure(
  "Buckets of a store that has grown are those of one filled at once",
  () => {
    const count = DEFAULT_TUNING.bucketsFrom * 3;
    const [grown, filled] = [new Store(1), new Store(2)];
    for (let i = 0; i < count; i++) {
      grown.merge(fix(`load-${i}`, "1"));
      filled.merge(fix(`load-${count - 1 - i}`, "1"));
      if (i % 700 === 0) grown.digest();
    }
    assertEquals(grown.buckets().bucketSums(), filled.buckets().bucketSums());
    for (const bucket of [0, 100, 255]) {
      const sums = filled.buckets().leafSums(bucket);
      assertEquals(grown.buckets().leafSums(bucket), sums);
    }
    filled.merge(fix("load-5", "2"));
    const sums = filled.buckets().bucketSums();
    const bucket = leafOf(hash("load-5")) >> 8;
    assertEquals(differing(grown.buckets().bucketSums(), sums), [bucket]);
    assertNotEquals(grown.digest(), filled.digest());
  },
);

pure("Buckets.clients() names those in a leaf, the latest first", () => {
  const buckets = new Buckets();
  for (const leaf of [7, 9, 7, 65_535, 7]) buckets.addClient(leaf);
  assertEquals([...buckets.clients(7)], [4, 2, 0]);
  assertEquals([...buckets.clients(leafAt(255, 255))], [3]);
  assertEquals([...buckets.clients(8)], []);
});
