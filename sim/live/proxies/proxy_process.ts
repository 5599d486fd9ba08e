/**
 * The proxies of a machine in a process of their own, which an agent has started:
 * asked on its standard input, with which it ends.
 *
 * @module
 */
import { DenoClock, denoPlatform } from "../../../herd/net/deno_platform.ts";
import { Answerer, type FromAsked, type ToAsked } from "../../worlds/ask.ts";
import { ownPort } from "../../worlds/processes/own_port.ts";
import { nodeSockets } from "./node_sockets.ts";
import { Proxies, type ProxyAnswers, type ProxyQuestion } from "./proxies.ts";

/** What it is told first, and once. */
export interface StartMachineProxies {
  readonly kind: "start";
  /** What faults hit by chance follows from it. */
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
