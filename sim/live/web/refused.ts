/**
 * What can't be done to a herd as it stands, told as such.
 *
 * @module
 */
import { RouteError } from "./route_error.ts";

/**
 * What was tried; where the herd is not in the state for it, that is no fault of
 * the request, nor of this program.
 *
 * @throws {RouteError} If it fails.
 */
export async function orRefused<T>(tried: Promise<T>): Promise<T> {
  try {
    return await tried;
  } catch (error) {
    const isBug = error instanceof TypeError || error instanceof ReferenceError;
    if (error instanceof RouteError || isBug || !(error instanceof Error)) {
      throw error;
    }
    throw new RouteError(409, error.message, { cause: error });
  }
}
