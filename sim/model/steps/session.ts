/**
 * The session that a step's requests belong to: that of one client that asks
 * different servers in turn.
 *
 * @module
 */
import { word } from "./fields.ts";

/** The plan's name of the field. */
export const SESSION = { as: "session" } as const;

export const as = word(
  "Who asks: a client whose answers are compared, whatever server gives them.",
).exactOptional();

/** The session in words, if there is one. */
export function bySession(
  { session }: { readonly session?: string },
): string {
  return session === undefined ? "" : ` as ${session}`;
}
