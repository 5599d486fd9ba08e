import { assert, assertEquals } from "@std/assert";
import { lacks, listed } from "../../../../sim/page/map/clients.ts";
import { nearest, placed } from "../../../../sim/page/map/dots.ts";
import { placesOf } from "../../../../sim/page/map/places.ts";
import { flattened } from "../../../../sim/page/map/rings.ts";
import { positionOf } from "../../../../sim/page/map/client_card.ts";
import { readPosition } from "../../../../sim/page/map/send_form.ts";

function fix(client: string, behind: string[] = []) {
  const line = `AT Alford +0.1 ${client} +1+2 5`;
  return { client, latitude: 1, longitude: 2, server: "Alford", line, behind };
}

const FIXES = [
  fix("moa"),
  fix("kiwi", ["Hamilton"]),
  fix("Weka", ["Hamilton", "Powell"]),
  fix("kea"),
];

Deno.test({
  name: "listed() has those first whose fix is not everywhere, then by name",
  permissions: "none",
  fn() {
    const names = (search: string, lacking: string, max = 10) =>
      listed(FIXES, { search, lacking }, max).shown.map(({ client }) => client);
    assertEquals(names("", ""), ["Weka", "kiwi", "kea", "moa"]);
    assertEquals(names("", "Powell"), ["Weka"]);
    assertEquals(names("KE", ""), ["kea"]);
    assertEquals(names("k", "Hamilton"), ["Weka", "kiwi"]);
    const { shown, total } = listed(FIXES, { search: "", lacking: "" }, 2);
    assertEquals([shown.length, total], [2, 4]);
  },
});

Deno.test({
  name: "lacks() counts what each server lacks",
  permissions: "none",
  fn() {
    assertEquals([...lacks(FIXES)], [["Hamilton", 2], ["Powell", 1]]);
  },
});

Deno.test({
  name: "nearest() finds the dot that is meant, and none that is too far",
  permissions: "none",
  fn() {
    const dots = [{ x: 10, y: 10 }, { x: 14, y: 10 }, { x: 90, y: 90 }];
    assertEquals(nearest(dots, 13, 10, 12), dots[1]);
    assertEquals(nearest(dots, 50, 50, 12), undefined);
  },
});

Deno.test({
  name: "placed() lets no label stand over one that matters more",
  permissions: "none",
  fn() {
    const label = (text: string, x: number, y: number) => ({
      text,
      x,
      y,
      width: 40,
    });
    const labels = [
      label("first", 0, 0),
      label("over it", 20, 8),
      label("beside it", 80, 0),
      label("below it", 0, 40),
    ];
    const texts = placed(labels, 10).map(({ text }) => text);
    assertEquals(texts, ["first", "beside it", "below it"]);
    assertEquals(placed(labels, 1).length, 1);
  },
});

Deno.test({
  name: "flattened() takes an outline apart where east meets west",
  permissions: "none",
  fn() {
    const plain = [[0, 0], [10, 0], [10, 10], [0, 0]] as const;
    assertEquals(flattened(plain), [[...plain]]);
    const crossing = [[170, 0], [-170, 0], [-170, 10], [170, 10]] as const;
    assertEquals(flattened(crossing), [
      [[170, 0], [190, 0], [190, 10], [170, 10]],
      [[-190, 0], [-170, 0], [-170, 10], [-190, 10]],
    ]);
  },
});

Deno.test({
  name: "flattened() closes an outline that goes round a pole along the pole",
  permissions: "none",
  fn() {
    const round = [[-180, -70], [-60, -65], [60, -70], [179, -71]] as const;
    const [outline] = flattened([...round, [-180, -70]]);
    assertEquals(outline!.slice(-3), [[180, -70], [180, -90], [-180, -90]]);
    const jumps = outline!.slice(1).filter(([longitude], i) =>
      Math.abs(longitude - outline![i]![0]) > 180
    );
    assertEquals(jumps, [[-180, -90]]);
  },
});

Deno.test({
  name: "placesOf() reads a service's places, nearest first",
  permissions: "none",
  fn() {
    const result = (name: string, lat: number) => ({
      name,
      vicinity: `near ${name}`,
      geometry: { location: { lat, lng: 0 } },
    });
    const from = { latitude: 0, longitude: 0 };
    const body = {
      results: [result("far", 2), result("near", 1)],
      status: "OK",
    };
    const { places, unplaced, problem } = placesOf(body, from);
    assertEquals(places.map(({ name }) => name), ["near", "far"]);
    assertEquals([unplaced, problem], [0, ""]);
    assertEquals(Math.round(places[0]!.km), 111);
  },
});

Deno.test({
  name: "placesOf() says why there are none, whatever the service said",
  permissions: "none",
  fn() {
    const from = { latitude: 0, longitude: 0 };
    const why = (body: unknown) => placesOf(body, from).problem;
    assertEquals(
      why({ results: [], status: "ZERO_RESULTS" }),
      "No places within this radius.",
    );
    assertEquals(
      why({ results: [], status: "UNKNOWN_ERROR", error_message: "timed out" }),
      "UNKNOWN_ERROR: timed out",
    );
    for (const body of [null, 7, "x", [], {}, { results: 5 }]) {
      assertEquals(why(body), "The reply holds no places");
    }
    const odd = { results: [{}, null, { geometry: { location: {} } }] };
    assertEquals(placesOf(odd, from).unplaced, 3);
  },
});

Deno.test({
  name: "readPosition() takes what IAMAT takes, positionOf() what AT says",
  permissions: "none",
  fn() {
    const los = { latitude: 34.06, longitude: -118.44 };
    assertEquals(readPosition("+34.06-118.44"), los);
    assertEquals(readPosition(" +34.06 -118.44 "), los);
    for (
      const bad of ["", "34.06-118.44", "+91+0", "+0+181", "+1e1+2", "+.5+1"]
    ) {
      assertEquals(readPosition(bad), undefined, bad);
    }
    assertEquals(positionOf("AT Alford +0.1 kiwi +34.06-118.44 5"), los);
    assert(positionOf("? WHATSAT kiwi 10 5") === undefined);
  },
});
