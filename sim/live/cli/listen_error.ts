/**
 * Explains errors of listening at an address from an option.
 *
 * @module
 */
import type { Address } from "../../../herd/net/platform.ts";
import { UsageError } from "./usage_error.ts";

/** An error of listening as a usage error; other errors unchanged. */
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

/**
 * Why nothing can listen there; `undefined` if the error is about something
 * else.
 */
export function wrongAddress(error: unknown): string | undefined {
  if (error instanceof Deno.errors.AddrNotAvailable) {
    return "this machine has no such address";
  }
  // Deno's errors for a name that is invalid, and for one that is not known.
  const isUnknown = error instanceof Error &&
    error.message.startsWith("failed to lookup address");
  return error instanceof URIError || isUnknown
    ? "there is no such host"
    : undefined;
}
