import { assertEquals, assertNotEquals } from "@std/assert";
import { Fingerprint } from "../../../../herd/core/store/fingerprint.ts";
import { DEFAULT_TUNING } from "../../../../herd/core/tuning.ts";
import { pure } from "../pure.ts";

/** Clients, each with a hash that can be changed, and how often one was read. */
function setUp(count: number) {
  const held = Array.from({ length: count }, (_, client) => client + 1);
  const counts = { read: 0 };
  const fingerprint = new Fingerprint({
    tuning: DEFAULT_TUNING,
    plantedBug: undefined,
    get count() {
      return held.length;
    },
    hashFix(client) {
      counts.read++;
      return { high: held[client]!, low: client };
    },
    leafOf: (client) => client & 7,
  });
  const replace = (client: number) => {
    held[client]! += 100;
    fingerprint.replaced(client);
  };
  return { held, counts, fingerprint, replace };
}

pure(
  "Fingerprint.replaced() marks a client once until it is hashed, each time",
  () => {
    const { held, counts, fingerprint, replace } = setUp(5);
    fingerprint.refresh();
    for (let round = 0; round < 3; round++) {
      counts.read = 0;
      for (let i = 0; i < 10; i++) {
        replace(2);
        replace(4);
      }
      assertEquals(fingerprint.backlog, 2, `Round ${round}`);
      const before = fingerprint.sumText();
      assertEquals(
        [fingerprint.backlog, counts.read],
        [0, 2],
        `Round ${round}`,
      );
      replace(2);
      assertNotEquals(fingerprint.sumText(), before);
    }
    // As one that never saw the fixes before.
    const fresh = setUp(5);
    fresh.held.splice(0, 5, ...held);
    assertEquals(fingerprint.sumText(), fresh.fingerprint.sumText());
  },
);

pure("Fingerprint.replaced() leaves out who was never hashed", () => {
  const { held, fingerprint, replace } = setUp(5);
  for (let i = 0; i < 10; i++) replace(3);
  assertEquals(fingerprint.backlog, 5);
  fingerprint.refresh(3);
  replace(3);
  assertEquals(fingerprint.backlog, 2);
  fingerprint.refresh();
  held.push(7);
  for (let i = 0; i < 10; i++) replace(5);
  assertEquals(fingerprint.backlog, 1);
  fingerprint.refresh();
  assertEquals(fingerprint.backlog, 0);
});
