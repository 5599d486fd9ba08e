import { assert, assertEquals, assertNotEquals } from "@std/assert";
import fc from "fast-check";
import { bytesOf } from "../../../../herd/core/bytes/bytes.ts";
import { ClientIndex } from "../../../../herd/core/store/client_index.ts";
import { pure, within } from "../pure.ts";

/** Clients by their IDs, numbered as they come. */
class Clients {
  readonly ids: string[] = [];
  readonly index: ClientIndex;
  readonly #hash: (id: string) => number;

  constructor(seed: number, hash?: (id: string) => number) {
    this.index = new ClientIndex(seed);
    this.#hash = hash ??
      ((id) => this.index.hash(bytesOf(id), 0, id.length));
  }

  find(id: string): number {
    let client = this.index.first(this.#hash(id));
    while (client >= 0 && this.ids[client] !== id) client = this.index.next();
    return client;
  }

  add(id: string): void {
    this.index.add(this.#hash(id), this.ids.length);
    this.ids.push(id);
  }
}

/** Hashes that are all the same, nearly so, or right at the end of the table. */
const HASHES: readonly (((id: string) => number) | undefined)[] = [
  undefined,
  () => 0,
  () => -1,
  (id) => id.length,
  (id) => id.length << 20 | 63,
  (id) => id.charCodeAt(0) - 5,
];

pure("ClientIndex finds what a Map finds, though hashes collide", () => {
  const ids = fc.uint8Array({ minLength: 1, maxLength: 3 })
    .map((bytes) => String.fromCharCode(...bytes));
  const lists = fc.array(ids, { maxLength: 150, size: "max" });
  fc.assert(
    fc.property(lists, fc.integer(), fc.nat(), (ids, seed, which) => {
      const clients = new Clients(seed, HASHES[which % HASHES.length]);
      const expected = new Map<string, number>();
      for (const id of ids) {
        assertEquals(clients.find(id), expected.get(id) ?? -1);
        if (expected.has(id)) continue;
        expected.set(id, expected.size);
        clients.add(id);
      }
      for (const [id, client] of expected) {
        assertEquals(clients.find(id), client);
      }
    }),
  );
});

pure("ClientIndex keeps all as it grows", () => {
  const clients = new Clients(7);
  for (let i = 0; i < 5_000; i++) clients.add(`client${i}`);
  for (let i = 0; i < 5_000; i++) assertEquals(clients.find(`client${i}`), i);
  for (let i = 5_000; i < 6_000; i++) {
    assertEquals(clients.find(`client${i}`), -1);
  }
});

pure("ClientIndex finds all of its clients at every step of its growth", () => {
  for (const hash of HASHES) {
    const clients = new Clients(7, hash);
    for (let count = 1; count <= 150; count++) {
      clients.add(`${count}`);
      clients.ids.forEach((id, i) => assertEquals(clients.find(id), i));
      assertEquals(clients.find("nobody"), -1);
    }
  }
});

pure(
  "ClientIndex gives each client with a hash once, when all has been moved",
  () => {
    const clients = new Clients(7, (id) => id.length);
    // Each time, twice as many begin to be moved.
    for (const [grown, moved] of [[33, 50], [65, 90], [129, 170], [257, 330]]) {
      while (clients.ids.length < grown!) clients.add("x");
      // Those that come now have another hash.
      while (clients.ids.length < moved!) clients.add("xy");
      for (const hash of [1, 2, 3]) {
        const found: number[] = [];
        let client = clients.index.first(hash);
        for (; client >= 0; client = clients.index.next()) found.push(client);
        const expected = [...clients.ids.keys()]
          .filter((client) => clients.ids[client]!.length === hash);
        assertEquals(found.toSorted((a, b) => a - b), expected);
      }
    }
  },
);

pure("ClientIndex.hash() sees the bytes of the ID, and no other", () => {
  const index = new ClientIndex(7);
  const alone = index.hash(bytesOf("kiwi"), 0, 4);
  assertEquals(
    within("kiwi", (...at) => index.hash(...at)),
    alone,
  );
  assertNotEquals(
    within("kiwj", (...at) => index.hash(...at)),
    alone,
  );
});

pure("ClientIndex.hash() depends on the seed", () => {
  const hashes = new Set<number>();
  for (let seed = 0; seed < 100; seed++) {
    hashes.add(new ClientIndex(seed).hash(bytesOf("kiwi"), 0, 4));
  }
  assertEquals(hashes.size, 100);
});

pure("ClientIndex.hash() spreads IDs that are much alike", () => {
  const index = new ClientIndex(7);
  const slots = new Array<number>(64).fill(0);
  for (let i = 0; i < 6_400; i++) {
    const id = `client${i}`;
    slots[index.hash(bytesOf(id), 0, id.length) & 63]!++;
  }
  for (const count of slots) assert(count > 40 && count < 180, `${slots}`);
});
