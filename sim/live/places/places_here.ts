/**
 * The embedded places service in this thread, for a world with a network of its
 * own.
 *
 * @module
 */
import type { Misbehaviour } from "../../model/faults/misbehaviour.ts";
import type { Host, WebAnswer, WebRequest } from "../../worlds/host.ts";
import { askedAt, badAnswer, cutBy, JSON_TYPE, NOT_FOUND } from "./moods.ts";
import { answerNearbySearch, type FindTowns } from "./nearby_search.ts";
import type { Town } from "./index.ts";
import type { Places } from "./places.ts";
import { findTownsHere } from "./towns_here.ts";
import { questionOf } from "./towns_found.ts";

const KEY = "embedded";

/**
 * Starts the service on a world's network.
 *
 * @param trace Whether what it finds is recorded.
 */
export function servePlacesHere(host: Host, trace = false): Places {
  let mode: Misbehaviour = "none";
  let touched = 0;
  const found: Record<string, Town[]> = {};
  const find: FindTowns = async (...asked) => {
    const towns = await findTownsHere(...asked);
    if (trace) found[questionOf(asked)] = towns;
    return towns;
  };
  const answer = async (
    { method, url }: WebRequest,
  ): Promise<WebAnswer> => {
    if (askedAt(url, method) !== "old") return NOT_FOUND;
    touched++;
    const bad = badAnswer(mode);
    if (bad !== undefined) return bad;
    const asMode = mode;
    const body = await host.outside(
      answerNearbySearch(url.searchParams, KEY, find),
    );
    return { status: 200, type: JSON_TYPE, body: cutBy(asMode, body) };
  };
  const { base, close } = host.serveWeb(answer);
  return {
    options: { base, key: KEY },
    ...trace && { found },
    misbehave: (next) => {
      const before = touched;
      [mode, touched] = [next, 0];
      return Promise.resolve(before);
    },
    stop: () => Promise.resolve(close()),
  };
}
