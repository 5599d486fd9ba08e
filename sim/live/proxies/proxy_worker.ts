/**
 * The worker of a herd's proxies: all of them in one thread.
 *
 * @module
 */
import { DenoClock, denoPlatform } from "../../../herd/net/deno_platform.ts";
import { TraceWriter } from "../../model/trace.ts";
import { Answerer, type FromAsked, type ToAsked } from "../../worlds/ask.ts";
import { parentPort } from "../../worlds/threads/port.ts";
import {
  alignedOrigin,
  type ClockQuestion,
} from "../../worlds/threads/thread_clock.ts";
import { nodeSockets } from "./node_sockets.ts";
import { Proxies, type ProxyAnswers, type ProxyQuestion } from "./proxies.ts";

/** What the worker is told first, and once. */
export interface StartProxies {
  /** Which message it is. */
  readonly kind: "start";
  /** What faults hit by chance follows from it. */
  readonly seed: number;
  /** Of `clockMemory`: by this the worker's clock is set. */
  readonly clock: SharedArrayBuffer;
  /** What faults make of lines is recorded in this; see `TraceWriter`. */
  readonly trace?: SharedArrayBuffer;
}

const port = parentPort<
  StartProxies | ToAsked<ProxyQuestion>,
  ClockQuestion | FromAsked<ProxyAnswers>
>();

let proxies: Proxies | undefined;

const answerer = new Answerer<ProxyQuestion, ProxyAnswers>(
  port.post,
  (question) => proxies!.answer(question),
);

function start({ seed, clock: memory, trace }: StartProxies): void {
  const clock = new DenoClock(alignedOrigin(memory, port.post));
  const writer = trace && new TraceWriter([], trace);
  proxies = new Proxies(
    { clock, sockets: nodeSockets({ ...denoPlatform, clock }) },
    seed,
    writer,
  );
}

port.listen((message) => {
  if (message.kind === "start") start(message);
  else answerer.hear(message);
});
