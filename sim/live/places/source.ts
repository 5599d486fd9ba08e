/**
 * Where a herd's servers get places from: the embedded service, started with
 * the herd or on first use, another service, or none.
 *
 * @module
 */
import type { Platform } from "../../../herd/net/platform.ts";
import type { PlacesOptions } from "../../../herd/net/places/lookup.ts";
import type { World } from "../../worlds/world.ts";
import { Forwarder } from "../servers/forwarder.ts";
import { type EmbeddedPlaces, type Places, startPlaces } from "./places.ts";
import { servePlacesHere } from "./places_here.ts";
import { townsFetched } from "./towns_files.ts";

/**
 * Opens the source that is asked for; `onReady` gets the base address of an
 * embedded one.
 *
 * @param world Where its servers, and so the embedded service, run; by default
 * the service has a thread of its own, on loopback.
 * @param trace Whether what it finds is recorded, where it can be.
 */
export async function servePlaces(
  platform: Platform,
  wish: "on-demand" | "embedded" | "none" | PlacesOptions | Places,
  onReady: (base: string) => void,
  { host, machines }: Pick<World, "host" | "machines"> = {},
  trace = false,
): Promise<Places> {
  const isOurs = wish === "on-demand" || wish === "embedded";
  if (host !== undefined && isOurs) return servePlacesHere(host, trace);
  if (machines !== undefined && isOurs || wish === "on-demand") {
    return await placesDoor(platform, onReady, machines?.here ?? LOOPBACK);
  }
  switch (wish) {
    case "none":
      return { stop: async () => {} };
    case "embedded": {
      const { base, key, misbehave, stop } = await startPlaces(platform);
      onReady(base);
      return { options: { base, key }, misbehave, stop };
    }
    default:
      return "stop" in wish ? wish : { options: wish, stop: async () => {} };
  }
}

const LOOPBACK = "127.0.0.1";
/** The key that servers get before there is a service to ask for its own. */
const KEY = "embedded";

/**
 * A port that starts the embedded service on the first connection: a test that
 * never asks WHATSAT does not pay for the index of towns, and one that does
 * needs no option.
 */
async function placesDoor(
  { clock, network }: Platform,
  onReady: (base: string) => void,
  hostname: string,
): Promise<Places> {
  await townsFetched(clock);
  let starting: Promise<EmbeddedPlaces> | undefined;
  const start = async () => {
    const places = await startPlaces({ clock, key: KEY });
    onReady(places.base);
    return places;
  };
  const started = () => starting ??= start();
  const at = { hostname, port: 0 };
  const door = new Forwarder({ clock, network }, at, async () => {
    const { hostname, port } = new URL((await started()).base);
    return await network.connect({ hostname, port: Number(port) });
  });
  return {
    options: { base: `http://${hostname}:${door.address.port}`, key: KEY },
    misbehave: async (mode) => await (await started()).misbehave(mode),
    async stop() {
      await door[Symbol.asyncDispose]();
      await (await starting)?.stop();
    },
  };
}
