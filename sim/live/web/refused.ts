/**
 * Maps failures of a command to the HTTP status for a conflict.
 *
 * @module
 */
import { RouteError } from "./route_error.ts";

/**
 * Rethrows a failure as a refused request: the herd is not in the right state,
 * which is no error of the request nor a bug of this program.
 *
 * @throws {RouteError} If `tried` rejects.
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
