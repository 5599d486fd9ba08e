/**
 * What is wrong with an address that an option has a program listen on.
 *
 * @module
 */
import type { Address } from "../../../herd/net/platform.ts";
import { UsageError } from "./usage_error.ts";

/** An error of listening, in words for who has named the address; others as they are. */
export function listenUsage(
  option: string,
  { hostname, port }: Address,
  error: unknown,
): unknown {
  if (error instanceof Deno.errors.AddrInUse) {
    return new UsageError(`--${option}: ${hostname}:${port} is taken`);
  }
  if (error instanceof Deno.errors.PermissionDenied) {
    return new UsageError(`--${option}: port ${port} is not for this user`);
  }
  const why = wrongAddress(error);
  return why === undefined ? error : new UsageError(`--${option}: ${why}`);
}

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
