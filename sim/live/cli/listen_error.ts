/**
 * What is wrong with an address that an option has a program listen on.
 *
 * @module
 */

/** Why nobody can listen there; `undefined` if the error is about something else. */
export function wrongAddress(error: unknown): string | undefined {
  if (error instanceof Deno.errors.AddrNotAvailable) {
    return "this machine has no such address";
  }
  // So Deno tells of a name that can't be one, and of one that nobody knows.
  const isUnknown = error instanceof Error &&
    error.message.startsWith("failed to lookup address");
  return error instanceof URIError || isUnknown
    ? "there is no such host"
    : undefined;
}
