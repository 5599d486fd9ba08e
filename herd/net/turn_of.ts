/**
 * The turn of a reply that comes later.
 *
 * @module
 */
import type { Turn } from "../core/effects.ts";
import type { ClientSession } from "./client_session.ts";
import type { PlacesLookup } from "./places/lookup.ts";
import type { Tasks } from "./tasks.ts";

/** Keeps the turn of a client's reply; until then so many bytes are held. */
export function turnOf(
  session: ClientSession,
  heldBytes: number,
  places: PlacesLookup | undefined,
  tasks: Tasks,
): Turn {
  const reply = session.reserve(heldBytes);
  return {
    reply: (text) => session.settle(reply, text),
    lookup: (at, position, { radiusKm, items }) =>
      tasks.add(
        places!.find({ position, radiusKm, items }, session).then((body) =>
          // The location is never withheld because places can't be had.
          session.settle(reply, `${at}\n${body}\n\n`)
        ),
      ),
  };
}
