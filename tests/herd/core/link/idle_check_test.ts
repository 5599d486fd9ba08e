import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { IdleCheck } from "../../../../herd/core/link/idle_check.ts";
import { fix, pure, storeOf, written } from "../pure.ts";
import { PureHerd } from "../../../../sim/model/pure_herd.ts";

const POSITION = "+34.068930-118.445127";
const CHECK_BEATS = 30;
const PINGS_MISSED_MAX = 3;

/** A line of three servers, linked and at rest. */
function line() {
  const said: string[] = [];
  const herd = new PureHerd([["ash", "elm"], ["elm", "fig"]], {
    pulled: (_from, _to, text) => said.push(text),
  });
  herd.upAll();
  herd.settle();
  let time = 0;
  const move = (server: string, client = "kiwi") =>
    herd.client("c", server, `IAMAT ${client} ${POSITION} ${++time}`);
  /** Lets seconds go by, in each of which all comes to rest. */
  const heartbeats = (count = CHECK_BEATS + 5) => {
    for (let i = 0; i < count; i++) {
      herd.heartbeat();
      herd.settle();
    }
  };
  return { herd, move, heartbeats, said };
}

pure("IdleCheck finds a fix that was lost, and has it mended", () => {
  const { herd, move, heartbeats } = line();
  move("ash", "fig");
  herd.settle();
  move("ash");
  herd.pull("ash", "elm");
  assert(herd.lose("ash", "elm").startsWith("AT "));
  herd.settle();
  assertEquals(herd.records("fig").length, 1, "The fix is lost");
  heartbeats();
  assertEquals(herd.records("elm"), herd.records("ash"));
  assertEquals(herd.records("fig"), herd.records("ash"));
  assertEquals(herd.node("ash").stats.repairs, 1);
  assertEquals(herd.total("repairs"), 1);
  heartbeats();
  assertEquals(herd.total("repairs"), 1, "It is mended for good");
});

pure(
  "IdleCheck finds a fix that was lost on the way to the one who asks",
  () => {
    const { herd, move, heartbeats } = line();
    move("fig");
    herd.pull("fig", "elm");
    herd.lose("fig", "elm");
    heartbeats();
    assertEquals(herd.records("ash"), herd.records("fig"));
    assertEquals(herd.total("repairs"), 1);
  },
);

pure("IdleCheck leaves a link alone that is not idle", () => {
  const { herd, move, heartbeats } = line();
  move("ash", "lost");
  herd.pull("ash", "elm");
  herd.lose("ash", "elm");
  for (let second = 0; second < 3 * CHECK_BEATS; second++) {
    move(second % 2 === 0 ? "ash" : "fig");
    herd.settle();
    heartbeats(1);
  }
  assertEquals(herd.total("repairs"), 0);
  heartbeats();
  assertEquals(herd.total("repairs"), 1);
});

pure(
  "IdleCheck is answered where both hold the same by nothing, each time",
  () => {
    const { move, heartbeats, said, herd } = line();
    move("ash");
    herd.settle();
    for (let round = 0; round < 3; round++) {
      said.length = 0;
      heartbeats();
      const text = said.join("");
      assertEquals(text.match(/^CHECK /mg)?.length, 2, text);
      assert(!text.includes("UNEQUAL"), text);
    }
  },
);

pure(
  "IdleCheck is not answered by who is busy, and is as soon as that is over",
  () => {
    const store = storeOf([fix("kiwi", "1")]);
    const check = new IdleCheck(store, false);
    const theirs = storeOf([fix("fig", "1")]).digest();
    const asked = () => {
      check.onCheck(theirs);
      const text = written((out) => check.pull(out));
      return text.split(" ")[0];
    };
    const heartbeats = (count: number) => {
      for (let i = 0; i < count; i++) check.heartbeat();
    };
    for (let round = 0; round < 2; round++) {
      assertEquals(asked(), "");
      heartbeats(3);
      assertEquals(asked(), "");
      heartbeats(1);
      assertEquals(asked(), "UNEQUAL");
      check.onTraffic();
    }
  },
);

pure("IdleCheck raises no alarm where nothing is lost", () => {
  const step = fc.oneof(
    fc.record({ move: fc.constantFrom("ash", "elm", "fig") }),
    fc.record({ pull: fc.nat({ max: 3 }), bytes: fc.nat({ max: 90 }) }),
    fc.record({ deliver: fc.nat({ max: 3 }), bytes: fc.nat({ max: 90 }) }),
    fc.record({ heartbeats: fc.nat({ max: 40 }) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const { herd, move, heartbeats } = line();
      const directions = herd.directions();
      heartbeats(CHECK_BEATS - 2);
      let beatsHeld = 0;
      /** Nothing stays on its way for longer: the link would be given up. */
      const heartbeat = () => {
        herd.heartbeat();
        if (++beatsHeld < PINGS_MISSED_MAX) return;
        herd.settle();
        beatsHeld = 0;
      };
      for (const step of steps) {
        if ("move" in step) move(step.move);
        else if ("pull" in step) {
          herd.pull(...directions[step.pull]!, step.bytes);
        } else if ("deliver" in step) {
          herd.deliver(...directions[step.deliver]!, step.bytes);
        } else for (let i = 0; i < step.heartbeats; i++) heartbeat();
      }
      herd.settle();
      assertEquals(herd.total("repairs"), 0);
      assertEquals(herd.records("ash"), herd.records("fig"));
    }),
    { numRuns: 300 },
  );
});
