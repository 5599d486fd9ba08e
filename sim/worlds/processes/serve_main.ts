/**
 * A server of this project in a process of its own. It is told on its standard
 * input what to serve, answers there what it is asked, and ends with it.
 *
 * @module
 */
import process from "node:process";
import { DenoClock } from "../../../herd/net/deno_platform.ts";
import { Answerer } from "../ask.ts";
import { HostedServer } from "../hosted_server.ts";
import { ownPort } from "./own_port.ts";
import type {
  FromServer,
  ProcessAnswers,
  ProcessQuestion,
  ToServer,
  Usage,
} from "./wire.ts";

const port = ownPort<ToServer, FromServer>();
const clock = new DenoClock();
/** What is asked before there is a server, waits for it. */
const started = Promise.withResolvers<HostedServer | undefined>();

const answerer = new Answerer<ProcessQuestion, ProcessAnswers>(
  port.post,
  async (question, signal) => {
    if (question.ask === "usage") return usage();
    const hosted = await started.promise;
    if (hosted === undefined) throw new Error("The server has not started");
    return await hosted.answer(question, signal);
  },
);

function usage(): Usage {
  const { user, system } = process.cpuUsage();
  return { cpuUs: user + system, rssBytes: Deno.memoryUsage().rss };
}

async function stop(): Promise<void> {
  answerer.end();
  await (await started.promise)?.stop();
  port.post({ kind: "stopped" });
}

/** What nothing catches is told, for nobody could read it from an exit code. */
async function die(error: unknown): Promise<void> {
  const why = error instanceof Error ? error.message : String(error);
  port.post({ kind: "crashed", why });
  await port.written();
  Deno.exit(1);
}

function hear(message: ToServer): void {
  switch (message.kind) {
    case "start": {
      const { server, aheadMs = 0 } = message;
      const originMs = clock.originMs - aheadMs;
      HostedServer.start(server, { originMs, report: port.post })
        .then(started.resolve, started.reject);
      return;
    }
    case "ping":
      return port.post({ kind: "pong", atMs: clock.nowMs() });
    case "stop":
      return void stop();
    case "crash":
      return queueMicrotask(() => {
        throw new Error(message.why);
      });
    case "ask":
    case "forget":
      return answerer.hear(message);
  }
}

globalThis.addEventListener("error", (event) => {
  event.preventDefault();
  void die(event.error);
});
globalThis.addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  void die(event.reason);
});
await port.listen(hear);
Deno.exit(0);
