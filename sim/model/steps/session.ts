/**
 * Whose questions those of a step are: a session, of one client that asks now
 * this server and now that one.
 *
 * @module
 */
import { word } from "./fields.ts";

/** What plans call the field. */
export const SESSION = { as: "session" } as const;

/**
 * The field.
 * @internal
 */
export const as = word(
  "Who asks: a client whose answers are compared, whatever server gives them.",
).exactOptional();

/** Whose session it is, in words, where it is anybody's. */
export function bySession(
  { session }: { readonly session?: string },
): string {
  return session === undefined ? "" : ` as ${session}`;
}
