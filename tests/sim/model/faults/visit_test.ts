import { assert, assertEquals } from "@std/assert";
import { parsePeer } from "../../../../herd/core/wire/handshake.ts";
import { keptVisit } from "../../../../sim/model/faults/visit.ts";
import { Random } from "../../../../sim/model/random.ts";

const VISITS = 2_000;

function visits(seed: number) {
  const random = new Random(seed);
  return Array.from(
    { length: VISITS },
    () => keptVisit(random, "Alford", ["Powell"]),
  );
}

Deno.test(
  "keptVisit() follows from the seed, and never ends a line that is right",
  {
    permissions: "none",
  },
  () => {
    assertEquals(visits(7), visits(7));
    const seen = { silent: 0, half: 0, claims: 0, lines: 0, deaf: 0 };
    for (const { bytes, answers, isKept, isDeaf } of visits(7)) {
      assertEquals(isKept, true);
      if (isDeaf) seen.deaf++;
      else if (bytes === "") seen.silent++;
      else if (!bytes.endsWith("\n")) {
        seen.half++;
        assert(answers.every((it) => it.startsWith("? WHATSAT ")));
      } else if (bytes.startsWith("PEER ")) {
        const { from, to } = parsePeer(bytes.slice(0, -1))!;
        assertEquals(to, "Alford");
        if (from === "Powell") seen.claims++;
      } else {
        seen.lines++;
        assertEquals(answers, [`? ${bytes}`]);
      }
    }
    assert(
      Object.values(seen).every((count) => count > 0),
      JSON.stringify(seen),
    );
  },
);
