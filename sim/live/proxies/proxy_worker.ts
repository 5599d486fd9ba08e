/**
 * The worker of a herd's proxies: all of them in one thread.
 *
 * @module
 */
import { DenoClock, denoPlatform } from "../../../herd/net/deno_platform.ts";
import { TraceWriter } from "../../model/trace.ts";
import { Answerer, type FromAsked, type ToAsked } from "../../worlds/ask.ts";
import { parentPort } from "../../worlds/threads/port.ts";
import { alignedOrigin } from "../../worlds/threads/thread_clock.ts";
import { nodeSockets } from "./node_sockets.ts";
import { Proxies, type ProxyAnswers, type ProxyQuestion } from "./proxies.ts";

/** The first message. */
export interface StartProxies {
  readonly kind: "start";
  /** Decides random choices of faults. */
  readonly seed: number;
  /** What the worker's clock is set by; see `alignedOrigin`. */
  readonly systemAheadMs: number;
  /** Records what faults do to lines; see `TraceWriter`. */
  readonly trace?: SharedArrayBuffer;
}

const port = parentPort<
  StartProxies | ToAsked<ProxyQuestion>,
  FromAsked<ProxyAnswers>
>();

let proxies: Proxies | undefined;

const answerer = new Answerer<ProxyQuestion, ProxyAnswers>(
  port.post,
  (question) => proxies!.answer(question),
);

function start({ seed, systemAheadMs, trace }: StartProxies): void {
  const clock = new DenoClock(alignedOrigin(systemAheadMs));
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
