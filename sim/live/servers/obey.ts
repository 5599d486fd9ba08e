/**
 * Orders to a server that hold for its next start too.
 *
 * @module
 */
import type { AskOptions } from "../../worlds/ask.ts";
import type { Question } from "../../worlds/questions.ts";
import { ServerEnded } from "../../worlds/world.ts";
import type { Child } from "./child.ts";

/** How long an answer may take. */
export const IN_TIME: AskOptions = { deadlineMs: 5_000 };

/**
 * Has a server do at once what it does in any case when it is started again. It
 * may end before it answers, as by a disk that goes wrong.
 *
 * @throws {NoAnswer} If it can't, or takes too long.
 */
export async function obey<K extends Question["ask"]>(
  child: Child,
  question: Extract<Question, { readonly ask: K }>,
): Promise<void> {
  try {
    await child.ask<K>(question, IN_TIME);
  } catch (error) {
    if (!(error instanceof ServerEnded)) throw error;
  }
}
