import { assertEquals } from "@std/assert";
import {
  frameOf,
  inLayout,
  onScreen,
  turnedFlat,
} from "../../../../sim/page/graph/layout.ts";
import { FaultsByTarget, linkLook } from "../../../../sim/page/graph/looks.ts";
import { isWithin, Scene } from "../../../../sim/page/graph/scene.ts";
import type { FaultView } from "../../../../sim/model/web/batch.ts";
import { Moment } from "../../../../sim/page/snapshot.ts";
import { batch, server } from "../batches.ts";

/** Ash in the middle, Elm to the right, Fig below. */
function scene(): Scene {
  const it = new Scene(["Ash", "Elm", "Fig"], [
    { a: "Ash", b: "Elm" },
    { a: "Ash", b: "Fig" },
  ]);
  for (const [name, x, y] of [["Elm", 100, 5], ["Fig", 3, 90]] as const) {
    Object.assign(it.node(name)!, { x, y });
  }
  return it;
}

Deno.test({
  name: "Scene.hit() finds servers before links, and nothing far away",
  permissions: "none",
  fn() {
    const it = scene();
    assertEquals(it.hit({ x: 4, y: 4 }, 10), { kind: "server", name: "Ash" });
    assertEquals(it.hit({ x: 50, y: 6 }, 10), {
      kind: "link",
      name: "Ash-Elm",
    });
    assertEquals(it.hit({ x: 50, y: 50 }, 10), undefined);
  },
});

Deno.test({
  name: "Scene.towards() goes where the arrow points",
  permissions: "none",
  fn() {
    const it = scene();
    assertEquals(it.towards("Ash", 1, 0), "Elm");
    assertEquals(it.towards("Ash", 0, 1), "Fig");
    assertEquals(it.towards("Elm", -1, 0), "Ash");
    assertEquals(it.towards("Elm", 1, 0), undefined);
  },
});

Deno.test({
  name: "Scene.take() says who lacks the fix of a client that is followed",
  permissions: "none",
  fn() {
    const it = scene();
    const moment = new Moment();
    moment.fold(batch(1, {
      servers: ["Ash", "Elm", "Fig"].map((name) => server(name)),
      fixes: [{
        client: "kiwi",
        latitude: 1,
        longitude: 1,
        server: "Ash",
        line: "",
        behind: ["Fig"],
      }],
    }));
    const behind = () =>
      it.nodes.filter(({ isBehind }) => isBehind).map(({ name }) => name);
    it.take(moment, []);
    assertEquals(behind(), []);
    it.take(moment, ["kiwi"]);
    assertEquals(behind(), ["Fig"]);
  },
});

Deno.test({
  name:
    "linkLook() tells cut ways, slow links and faults that it does not know",
  permissions: "none",
  fn() {
    const link = { a: "Ash", b: "Elm", isUp: true };
    const looks = (
      ...faults: [fault: string, target: string, harm?: FaultView["harm"]][]
    ) => {
      const { ab, ba, isSlow, isLossy, word } = linkLook(
        link,
        new FaultsByTarget(faults.map(([fault, target, harm], i) => ({
          id: `f${i}`,
          fault,
          ...harm && { harm },
          targets: [target],
          text: fault,
          sinceMs: 0,
          touched: 0,
        }))),
      );
      return [ab, ba, isSlow, isLossy, word];
    };
    assertEquals(looks(), ["open", "open", false, false, "up"]);
    assertEquals(looks(["cut", "Ash>Elm", "cuts"]).slice(0, 2), [
      "cut",
      "open",
    ]);
    assertEquals(
      looks(["partition", "Elm-Ash", "cuts"]).at(-1),
      "cut both ways",
    );
    assertEquals(
      looks(["latency", "Ash-Elm", "slows"]).slice(2),
      [true, false, "slow (latency)"],
    );
    assertEquals(
      looks(["new_kind", "Elm>Ash"]).slice(2),
      [false, true, "faulty (new kind)"],
    );
    assertEquals(looks(["cut", "Fig-Ash", "cuts"]).at(-1), "up");
  },
});

Deno.test({
  name: "isWithin() tells what a lasso has drawn round",
  permissions: "none",
  fn() {
    const round = [[0, 0], [10, 0], [10, 10], [5, 4], [0, 10]]
      .map(([x = 0, y = 0]) => ({ x, y }));
    assertEquals(isWithin({ x: 2, y: 2 }, round), true);
    assertEquals(isWithin({ x: 5, y: 8 }, round), false);
    assertEquals(isWithin({ x: 12, y: 2 }, round), false);
    assertEquals(isWithin({ x: 2, y: 2 }, []), false);
  },
});

Deno.test({
  name: "turnedFlat() lays a line of points from left to right",
  permissions: "none",
  fn() {
    const turned = turnedFlat([0, 1, 2].map((i) => ({ x: i, y: 2 * i })));
    assertEquals(turned.map(({ y }) => Math.abs(y) < 1e-9), [true, true, true]);
  },
});

Deno.test({
  name: "inLayout() takes back what onScreen() did, upright or not",
  permissions: "none",
  fn() {
    const points = [{ x: -2, y: 1 }, { x: 3, y: 0 }];
    for (const [width, height] of [[800, 400], [300, 700]] as const) {
      const padding = { x: 40, top: 50, bottom: 20 };
      const frame = frameOf(points, width, height, padding);
      for (const point of points) {
        const on = onScreen(frame, point);
        const { x, y } = inLayout(frame, on);
        assertEquals([x, y].map((it) => Math.round(it * 1e6) / 1e6), [
          point.x,
          point.y,
        ]);
        const isInside = on.x >= 39.9 && on.x <= width - 39.9 &&
          on.y >= 49.9 && on.y <= height - 19.9;
        assertEquals(isInside, true, JSON.stringify(on));
      }
    }
  },
});
