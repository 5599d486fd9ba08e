/**
 * The error of a request that can't be carried out.
 *
 * @module
 */

/** The HTTP status of a request that is refused. */
type RefusedStatus =
  | (400 | 401 | 403 | 404 | 405 | 409)
  | (413 | 415 | 422 | 500 | 503);

/** A request that can't be carried out. The message is sent to the client. */
export class RouteError extends Error {
  override readonly name = "RouteError";

  constructor(
    readonly status: RefusedStatus,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
