/**
 * A thread that runs seeds of a drill in virtual time, one after the other.
 *
 * @module
 */
import { Answerer, type FromAsked, type ToAsked } from "../../worlds/ask.ts";
import { parentPort } from "../../worlds/threads/port.ts";
import { type SearchOrder, type SeedOutcome, SeedRunner } from "./seed_run.ts";

/** What it is asked. */
export type SearchQuestion = TakeQuestion | RunQuestion;

/** To take an order, before all else. */
interface TakeQuestion {
  readonly ask: "take";
  readonly order: SearchOrder;
}

/** To run a seed of it. */
interface RunQuestion {
  readonly ask: "run";
  /** The run's number, from 0. */
  readonly run: number;
}

/** What it answers. */
export interface SearchAnswers {
  readonly take: void;
  readonly run: SeedOutcome;
}

let seeds: SeedRunner | undefined;
const port = parentPort<ToAsked<SearchQuestion>, FromAsked<SearchAnswers>>();
const answerer = new Answerer<SearchQuestion, SearchAnswers>(
  port.post,
  (question) => {
    if (question.ask === "run") return seeds!.run(question.run);
    seeds = new SeedRunner(question.order);
  },
);
port.listen((message) => answerer.hear(message));
