/**
 * The process of a machine's proxies, which an agent has started. Questions
 * come on its standard input, and it ends with that.
 *
 * @module
 */
import { DenoClock, denoPlatform } from "../../../herd/net/deno_platform.ts";
import { Answerer, type FromAsked, type ToAsked } from "../../worlds/ask.ts";
import { ownPort } from "../../worlds/processes/own_port.ts";
import { nodeSockets } from "./node_sockets.ts";
import { Proxies, type ProxyAnswers, type ProxyQuestion } from "./proxies.ts";

/** The first message. */
export interface StartMachineProxies {
  readonly kind: "start";
  /** Decides random choices of faults. */
  readonly seed: number;
}

const port = ownPort<
  StartMachineProxies | ToAsked<ProxyQuestion>,
  FromAsked<ProxyAnswers>
>();
const clock = new DenoClock();
let proxies: Proxies | undefined;

const answerer = new Answerer<ProxyQuestion, ProxyAnswers>(
  port.post,
  (question) => proxies!.answer(question),
);

await port.listen((message) => {
  if (message.kind === "start") {
    proxies = new Proxies({
      clock,
      sockets: nodeSockets({ ...denoPlatform, clock }),
    }, message.seed);
  } else answerer.hear(message);
});
Deno.exit(0);
