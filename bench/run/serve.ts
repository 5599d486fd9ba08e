/**
 * A module in a process of its own that answers questions, until its parent
 * ends it.
 *
 * @module
 */
import {
  Answerer,
  type FromAsked,
  type ToAsked,
} from "../../sim/worlds/ask.ts";
import { ownPort } from "../../sim/worlds/processes/own_port.ts";

/** A question to a module, by name. */
export interface NamedQuestion {
  readonly ask: string;
}

/** Answers, by the questions' names. */
export type NamedAnswers = Readonly<Record<string, unknown>>;

/** What this module was started with. */
export function ownArgs<Args extends readonly unknown[]>(): Args {
  return Deno.args.map((it) => JSON.parse(it)) as readonly unknown[] as Args;
}

/** Answers questions by name; ends the process when there are no more. */
export async function serve(
  answers: Readonly<Record<string, () => unknown>>,
): Promise<never> {
  const port = ownPort<ToAsked<NamedQuestion>, FromAsked<NamedAnswers>>();
  const answerer = new Answerer<NamedQuestion, NamedAnswers>(
    port.post,
    ({ ask }) => {
      const answer = answers[ask];
      if (answer === undefined) throw new RangeError(`No answer to ${ask}`);
      return answer();
    },
  );
  await port.listen((message) => answerer.hear(message));
  Deno.exit(0);
}
