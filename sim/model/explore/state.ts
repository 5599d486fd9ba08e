/**
 * A state of a small herd.
 *
 * @module
 */
import type { ByteString } from "../../../herd/core/bytes/bytes.ts";

/** The fault: it has not begun, lasts, or is over. */
export const FAULT = { toCome: 0, on: 1, over: 2 } as const;
/** The question: it was not asked, is under way, is over, or was answered wrongly. */
export const QUESTION = { toCome: 0, asked: 1, over: 2, wrong: 3 } as const;

type Of<T> = T[keyof T];

/** Several fixes are a number, with a bit for each. */
export interface State {
  /** The history of each server. */
  readonly met: readonly number[];
  /**
   * The numbers of lines that are still to be read, by the number of the way;
   * `undefined` if the reader has no such link.
   */
  readonly ways: readonly (readonly number[] | undefined)[];
  /** Fixes that have still to be told. */
  readonly untold: number;
  /** Those of the others that can't have died with a server. */
  readonly alive: number;
  readonly fault: Of<typeof FAULT>;
  readonly question: Of<typeof QUESTION>;
  /** Fixes that an answer must not miss. */
  readonly due: number;
  /** The answer, if it is wrong. */
  readonly answer?: readonly ByteString[];
}

/** A state that is being made. */
export type Draft = { -readonly [K in keyof State]: State[K] } & {
  readonly met: number[];
  readonly ways: (readonly number[] | undefined)[];
};

export function draftOf(state: State): Draft {
  return { ...state, met: [...state.met], ways: [...state.ways] };
}
