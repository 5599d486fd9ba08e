import { assert, assertEquals, assertNotEquals } from "@std/assert";
import fc from "fast-check";
import { bytesOf } from "../../../../herd/core/bytes/bytes.ts";
import {
  type Hash,
  hashOf,
  HashSums,
  hashText,
  readHash,
  writeHash,
} from "../../../../herd/core/bytes/hash.ts";
import { pure, within, written } from "../pure.ts";

/** The hash of a text. */
function hash(text: string): Hash {
  return hashOf(bytesOf(text), 0, text.length);
}

const MODULUS = 1n << 64n;

function number(hash: Hash): bigint {
  return BigInt(hash.high) << 32n | BigInt(hash.low);
}

const halves = fc.oneof(
  fc.constantFrom(0, 1, 0x7fffffff, 0x80000000, 0xffffffff),
  fc.integer({ min: 0, max: 0xffffffff }),
);
const hashes = fc.record({ high: halves, low: halves });

pure("HashSums adds and subtracts modulo 2⁶⁴, each sum alone", () => {
  const step = fc.tuple(fc.nat({ max: 2 }), fc.boolean(), hashes);
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const sums = new HashSums(3);
      const expected = [0n, 0n, 0n];
      for (const [at, isAdded, hash] of steps) {
        if (isAdded) sums.add(at, hash);
        else sums.subtract(at, hash);
        expected[at]! += isAdded ? number(hash) : -number(hash);
        expected[at] = (expected[at]! % MODULUS + MODULUS) % MODULUS;
        assertEquals([0, 1, 2].map((at) => number(sums.at(at))), expected);
      }
      assertEquals(BigInt("0x" + hashText(sums.at(0))), expected[0]);
    }),
    { numRuns: 500 },
  );
});

pure("HashSums counts an equal hash twice", () => {
  const sum = new HashSums(1);
  sum.add(0, { high: 1, low: 2 });
  sum.add(0, { high: 1, low: 2 });
  assertEquals(hashText(sum.at(0)), "0000000200000004");
});

pure("hashText() is 16 hex digits, lower case", () => {
  assertEquals(hashText({ high: 0xabcdef, low: 1 }), "00abcdef00000001");
});

pure("writeHash() writes what readHash() reads, as hashText() does", () => {
  fc.assert(
    fc.property(hashes, (hash) => {
      const text = written((out) => writeHash(hash, out));
      assertEquals(text, hashText(hash));
      assertEquals(within(text, readHash), hash);
    }),
  );
});

pure("readHash() reads nothing but 16 hex digits, lower case", () => {
  const digits = "0123456789abcdef";
  const bad = ["", digits.slice(1), `${digits}0`];
  for (const other of ["F", "g", "/", ":", "\`", "\xff"]) {
    bad.push(other + digits.slice(1), digits.slice(1) + other);
  }
  for (const text of bad) assertEquals(within(text, readHash), undefined, text);
});

pure("hashOf() does not change: servers of two versions may be linked", () => {
  assertEquals(hashText(hash("")), "ebb6c228981a078c");
  assertEquals(hashText(hash("AT Alford")), "cbf9e23d3a8a4c63");
});

pure("hashOf() tells lines apart that differ in one byte", () => {
  const lines = new Set<string>();
  for (let i = 0; i < 256; i++) {
    for (const at of [0, 7, 15]) {
      const line = [..."AT Alford +0-0 1"];
      line[at] = String.fromCharCode(i);
      lines.add(line.join(""));
    }
  }
  const found = new Set([...lines].map((line) => hashText(hash(line))));
  assertEquals(found.size, lines.size);
});

pure("hashOf() hashes a part of the bytes, and no more of it", () => {
  assertEquals(hashOf(bytesOf("xAT Alfordx"), 1, 10), hash("AT Alford"));
});

pure("hashOf() spreads over both halves", () => {
  const ones = new Array<number>(64).fill(0);
  const count = 4_000;
  for (let i = 0; i < count; i++) {
    const bits = number(hash(`AT Alford +0.26 client${i} +34-118 1.5`));
    for (let bit = 0; bit < 64; bit++) {
      ones[bit]! += Number(bits >> BigInt(bit) & 1n);
    }
  }
  for (const [bit, times] of ones.entries()) {
    assert(Math.abs(times / count - 0.5) < 0.05, `bit ${bit}: ${times}`);
  }
});

pure("hashOf() sums differ when two lines have swapped their ends", () => {
  const sum = (...lines: string[]) => {
    const sum = new HashSums(1);
    for (const line of lines) sum.add(0, hash(line));
    return hashText(sum.at(0));
  };
  for (let i = 0; i < 10; i++) {
    for (let j = 0; j < i; j++) {
      assertNotEquals(
        sum(`AT kiwi 1.${i}`, `AT elm 1.${j}`),
        sum(`AT kiwi 1.${j}`, `AT elm 1.${i}`),
      );
    }
  }
});
