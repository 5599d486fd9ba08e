/**
 * A thread that runs seeds of a drill in virtual time, one after the other.
 *
 * @module
 */
import { Answerer, type FromAsked, type ToAsked } from "../../worlds/ask.ts";
import { parentPort } from "../../worlds/threads/port.ts";
import { runSeed, type SearchOrder, type SeedOutcome } from "./seed_run.ts";

/** What it is asked. */
export interface SearchQuestion {
  /** To run a seed. */
  readonly ask: "run";
  readonly order: SearchOrder;
  /** The run's number, from 0. */
  readonly run: number;
}

/** What it answers. */
export interface SearchAnswers {
  readonly run: SeedOutcome;
}

const port = parentPort<ToAsked<SearchQuestion>, FromAsked<SearchAnswers>>();
const answerer = new Answerer<SearchQuestion, SearchAnswers>(
  port.post,
  ({ order, run }) => runSeed(order, run),
);
port.listen((message) => answerer.hear(message));
