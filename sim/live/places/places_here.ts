/**
 * The embedded places service in this thread, for a world with a network of its
 * own.
 *
 * @module
 */
import type { Misbehaviour } from "../../model/faults/misbehaviour.ts";
import type { Host, WebAnswer, WebRequest } from "../../worlds/host.ts";
import { askedAt, badAnswer, cutBy, JSON_TYPE, NOT_FOUND } from "./moods.ts";
import { answerNearbySearch } from "./nearby_search.ts";
import type { PlacesOptions } from "../../../herd/net/places/lookup.ts";
import { findTownsHere } from "./towns_here.ts";

const KEY = "embedded";

/** The service, in the form that herds take. */
export interface PlacesHere {
  /** The options that servers get. */
  readonly options: PlacesOptions;
  /** Like `EmbeddedPlaces.misbehave`. */
  misbehave(mode: Misbehaviour): Promise<number>;
  /** Stops answering. */
  stop(): Promise<void>;
}

/** Starts the service on a world's network. */
export function servePlacesHere(host: Host): PlacesHere {
  let mode: Misbehaviour = "none";
  let touched = 0;
  const answer = async (
    { method, url }: WebRequest,
  ): Promise<WebAnswer> => {
    if (askedAt(url, method) !== "old") return NOT_FOUND;
    touched++;
    const bad = badAnswer(mode);
    if (bad !== undefined) return bad;
    const asMode = mode;
    const body = await host.outside(
      answerNearbySearch(url.searchParams, KEY, findTownsHere),
    );
    return { status: 200, type: JSON_TYPE, body: cutBy(asMode, body) };
  };
  const { base, close } = host.serveWeb(answer);
  return {
    options: { base, key: KEY },
    misbehave: (next) => {
      const before = touched;
      [mode, touched] = [next, 0];
      return Promise.resolve(before);
    },
    stop: () => Promise.resolve(close()),
  };
}
