/**
 * What is wrong with a request, as the one who sent it is told.
 *
 * @module
 */

/** An HTTP status of a request that is not carried out. */
export type RefusedStatus = 400 | 404 | 405 | 409 | 413 | 422 | 500 | 503;

/** A request that can't be carried out, and why. */
export class RouteError extends Error {
  /** The class's name, as errors print it. */
  override readonly name = "RouteError";
  /** The HTTP status. */
  readonly status: RefusedStatus;

  /** It is refused with this status, and this is why. */
  constructor(status: RefusedStatus, message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}
