import { assert, assertEquals } from "@std/assert";
import {
  GREEDY_LINES,
  greedyTalk,
} from "../../../../sim/model/faults/greedy.ts";
import { DEFAULT_LIMITS } from "../../../../herd/core/limits.ts";

Deno.test(
  "greedyTalk() is lines that fit, of which none but the first is stored",
  {
    permissions: "none",
  },
  () => {
    for (const sends of GREEDY_LINES) {
      const { first, again, reply } = greedyTalk(sends, "Alford");
      assert(again.length <= DEFAULT_LIMITS.lineBytesMax, sends);
      assert(!again.includes("\n"), sends);
      assertEquals(reply, sends === "iamats" ? "AT " : "? ");
      if (first === undefined) continue;
      const timeOf = (line: string) => Number(line.split(" ").at(-1));
      assert(timeOf(first) > timeOf(again), "It tells where it was before");
    }
  },
);
