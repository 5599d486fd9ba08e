/**
 * What a page and the thread of its herd say to each other, where the herd runs
 * in the page.
 *
 * @module
 */

/** What the page says. */
export type ToHerd =
  | {
    readonly say: "ask";
    /** The question's number. */
    readonly id: number;
    /** `GET`, `POST` or `DELETE`. */
    readonly method: string;
    /** Path and query. */
    readonly path: string;
    readonly body: string;
    /** The event that was seen last, of a stream that is taken up again. */
    readonly lastId?: string;
  }
  /** Nobody waits for it any more. */
  | { readonly say: "forget"; readonly id: number }
  /** So many milliseconds pass in each real one; 0: time stands still. */
  | { readonly say: "pace"; readonly speed: number };

/** What the herd says. */
export type FromHerd =
  | {
    readonly say: "answer";
    readonly id: number;
    /** As HTTP has it. */
    readonly status: number;
    readonly type: string;
    /** All of it; left out, it comes in pieces. */
    readonly text?: string;
  }
  | { readonly say: "piece"; readonly id: number; readonly text: string }
  | { readonly say: "end"; readonly id: number };
