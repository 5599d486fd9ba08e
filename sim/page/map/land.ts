/**
 * The outlines of land, as a path in degrees.
 *
 * @module
 */
/// <reference lib="dom" />
import { topojsonLibrary } from "../libraries.ts";
import { flattened } from "./rings.ts";

let loading: Promise<Path2D> | undefined;

/** Loaded once. One unit is one degree, and y grows to the south. */
export function loadLand(): Promise<Path2D> {
  loading ??= load().catch((error) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function load(): Promise<Path2D> {
  const [response, topojson] = await Promise.all([
    fetch("lib/land.json"),
    topojsonLibrary(),
  ]);
  if (!response.ok) throw new Error("Cannot load lib/land.json");
  const world = await response.json();
  const { coordinates } = topojson.merge(world, world.objects.land.geometries);
  const path = new Path2D();
  for (const ring of coordinates.flat().flatMap(flattened)) {
    ring.forEach(([longitude, latitude], i) =>
      i === 0
        ? path.moveTo(longitude, -latitude)
        : path.lineTo(longitude, -latitude)
    );
    path.closePath();
  }
  return path;
}
