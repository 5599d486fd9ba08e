/**
 * The place of a reply that comes later.
 *
 * @module
 */
import type { Turn } from "../core/effects.ts";
import type { ClientSession } from "./client_session.ts";
import type { PlacesLookup } from "./places/lookup.ts";
import type { Tasks } from "./tasks.ts";

/** Reserves the place of a client's reply, and `heldBytes` until it comes. */
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
          // The location is never withheld because places can't be found.
          session.settle(reply, `${at}\n${body}\n\n`)
        ),
      ),
  };
}
