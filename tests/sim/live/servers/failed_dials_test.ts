/**
 * What is told of dials that came to nothing.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { FailedDials } from "../../../../sim/live/servers/failed_dials.ts";

/** Faults that stay on a link, which was reset at these times. */
function stands(lasting: string[], ...resetsMs: number[]) {
  return { lasting, resetsMs };
}

/** Dials that failed, by the end they came from, at 1, 2, 3 ... ms. */
function failed(...ends: string[]): FailedDials {
  const dials = new FailedDials();
  for (const [i, server] of ends.entries()) {
    const peer = server === "A" ? "B" : "A";
    const why = `no proof ${i + 1}`;
    const event = { kind: "dial-failed", server, peer, why, failures: 1 };
    dials.hear(event as Parameters<FailedDials["hear"]>[0], i + 1);
  }
  return dials;
}

Deno.test("FailedDials.obstacle() is lasting after three from one end, behind a fault", () => {
  const dials = failed("B", "A", "B", "A", "B");
  assertEquals(dials.obstacle("A", "B", 1, stands(["slow-1", "cut-2"])), {
    text: "B: 3 dials from B to A failed, no proof 5; " +
      "on that link stands slow-1, cut-2",
    isLasting: true,
  });
  assertEquals(dials.obstacle("B", "A", 1, stands([])), {
    text: "A: 3 dials from B to A failed, no proof 5",
    isLasting: false,
  });
  const twice = failed("A", "B", "A", "B").obstacle(
    "A",
    "B",
    1,
    stands(["slow-1"]),
  );
  assertEquals(twice.isLasting, false);
});

Deno.test("FailedDials.obstacle() tells of a stranger that answered in a neighbour's place", () => {
  const dials = failed("A");
  const why = "no challenge, but a line";
  const refused = {
    kind: "link-refused",
    server: "A",
    peer: "B",
    why,
  } as const;
  dials.hear({ ...refused, answer: "HTTP/1.1 400", failures: 2 }, 2);
  assertEquals(
    dials.obstacle("A", "B", 1, stands([])).text,
    "B: 2 dials from A to B failed, no challenge, but a line",
  );
});

Deno.test("FailedDials.obstacle() counts no dial to a server that did not listen yet", () => {
  const dials = failed("A", "A", "A", "A");
  assertEquals(dials.obstacle("B", "A", 3, stands(["slow-1"])), {
    text: "A: 2 dials from A to B failed, no proof 4; " +
      "on that link stands slow-1",
    isLasting: false,
  });
  const none = { text: "A; on that link stands slow-1", isLasting: false };
  assertEquals(dials.obstacle("B", "A", 5, stands(["slow-1"])), none);
});

Deno.test("FailedDials.obstacle() begins anew with each link that came up", () => {
  const dials = failed("A", "A", "A");
  dials.hear({ kind: "link-up", server: "B", peer: "A" }, 4);
  assertEquals(dials.obstacle("A", "B", 1, stands([])).text, "B");
});

Deno.test("FailedDials.obstacle() blames no fault for dials that a reset may have ended", () => {
  const dials = failed("A", "A", "A", "A");
  const obstacle = (...resetsMs: number[]) =>
    dials.obstacle("A", "B", 1, stands(["slow-1"], ...resetsMs));
  assertEquals(obstacle(1, 3), {
    text: "B: 4 dials from A to B failed, no proof 4; " +
      "on that link stands slow-1; it was reset 2 times",
    isLasting: false,
  });
  assertEquals(obstacle(2).isLasting, true);
  assertEquals(obstacle(0.5).text, obstacle().text);
});
