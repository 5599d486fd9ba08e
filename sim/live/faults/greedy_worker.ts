/**
 * The worker of greedy clients. They need a thread of their own, because they
 * use all the time there is.
 *
 * @module
 */
import { denoPlatform } from "../../../herd/net/deno_platform.ts";
import { Answerer, type FromAsked, type ToAsked } from "../../worlds/ask.ts";
import { parentPort } from "../../worlds/threads/port.ts";
import { beginGreedy, type GreedyOrder } from "./greedy_clients.ts";

/** The answers to its orders. */
export interface GreedyAnswers {
  /** It has begun. */
  readonly begin: null;
}

const port = parentPort<ToAsked<GreedyOrder>, FromAsked<GreedyAnswers>>();

const answerer = new Answerer<GreedyOrder, GreedyAnswers>(
  port.post,
  (order) => {
    beginGreedy(denoPlatform, order);
    return null;
  },
);
port.listen((message) => answerer.hear(message));
