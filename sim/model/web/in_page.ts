/**
 * The messages between a page and the thread of its herd, if the herd runs in
 * the page.
 *
 * @module
 */

/** A message from the page. */
export type ToHerd =
  | {
    readonly say: "ask";
    /** The request's number. */
    readonly id: number;
    /** `GET`, `POST` or `DELETE`. */
    readonly method: string;
    /** Path and query. */
    readonly path: string;
    readonly body: string;
    /** The last event seen, to resume a stream. */
    readonly lastId?: string;
  }
  /** The request is cancelled. */
  | { readonly say: "forget"; readonly id: number }
  /**
   * The speed of virtual time, in milliseconds per real one; 0: it stands
   * still.
   */
  | { readonly say: "pace"; readonly speed: number };

/** A message from the herd. */
export type FromHerd =
  | {
    readonly say: "answer";
    readonly id: number;
    /** The HTTP status. */
    readonly status: number;
    readonly type: string;
    /** The whole body; if absent, it comes in pieces. */
    readonly text?: string;
  }
  | { readonly say: "piece"; readonly id: number; readonly text: string }
  | { readonly say: "end"; readonly id: number };
