/**
 * The index of towns beside the data, read whole.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import {
  type TownEntry,
  TownIndex,
} from "../../../../sim/live/places/index.ts";
import { townsFiles } from "../../../../sim/live/places/towns_files.ts";

/** Every so many towns are asked for by where they are. */
const STEP = 499;
const POLE_TO_POLE_METRES = 21_000_000;

function read<T>(bytes: Uint8Array): T {
  return JSON.parse(new TextDecoder().decode(bytes.slice()));
}

Deno.test("TownIndex has each town of the data where it is, with its divisions", async () => {
  const files = await townsFiles();
  const entries = read<TownEntry[]>(files.cities);
  const divisions = new Map(
    files.divisions.flatMap((bytes) =>
      read<{ code: string; name: string }[]>(bytes)
    ).map(({ code, name }) => [code, name]),
  );
  const index = new TownIndex(files);
  assertEquals(index.size, entries.length);
  for (let at = 0; at < entries.length; at += STEP) {
    const { name, lat, lng, country, admin1, admin2 } = entries[at]!;
    const [latitude, longitude] = [Number(lat), Number(lng)];
    const state = `${country}.${admin1}`;
    const found = index.around(latitude, longitude, 1, 20)
      .find((town) => town.name === name);
    assert(found, name);
    assertEquals([found.latitude, found.longitude], [latitude, longitude]);
    assertEquals(
      [found.country, ...found.divisions],
      [country, divisions.get(`${state}.${admin2}`), divisions.get(state)]
        .filter((name) => name !== undefined),
    );
  }
});

Deno.test("TownIndex reads the last town and the first", async () => {
  const files = await townsFiles();
  const text = new TextEncoder().encode(
    '[{"name":"} \\"lat\\":\\"","lat":"-1.5","lng":"-0.25","country":"AA","admin1":"","admin2":""},' +
      '{"name":"Zed","lat":"2","lng":"3","country":"ZZ","admin1":"","admin2":""}]\n',
  );
  const index = new TownIndex({ ...files, cities: text });
  const towns = index.around(0, 0, POLE_TO_POLE_METRES, 20);
  assertEquals(
    towns.map(({ name, latitude, longitude }) => [name, latitude, longitude]),
    [['} "lat":"', -1.5, -0.25], ["Zed", 2, 3]],
  );
});
