/**
 * The worker that replays the run. It is started from code in the page on the
 * first request.
 *
 * @module
 */
/// <reference lib="dom" />
import type {
  RerunAnswer,
  RerunQuestion,
} from "../model/report/rerun_messages.ts";
import { whyNoHerd } from "./browser_needs.ts";
import { byId } from "./dom.ts";

type Step = Extract<RerunAnswer, { kind: "step" }>;
type Answered<K extends RerunAnswer["kind"]> = Extract<
  RerunAnswer,
  { kind: K }
>;

export class RerunThread {
  #worker: Promise<Worker> | undefined;
  /** Requests run one at a time. */
  #last: Promise<unknown> = Promise.resolve();
  #stopped = new AbortController();

  /**
   * Sends a request; `onStep` is called for each step that has ended.
   *
   * @throws {Error} If the request fails, or was stopped.
   */
  ask<K extends "ran" | "completed" | "help">(
    kind: K,
    question: RerunQuestion,
    onStep: (step: Step) => void = () => {},
  ): Promise<Answered<K>> {
    const { signal } = this.#stopped;
    const answer = this.#last.then(async () => {
      signal.throwIfAborted();
      const worker = await (this.#worker ??= openThread());
      signal.throwIfAborted();
      return await new Promise<Answered<K>>((resolve, reject) => {
        signal.onabort = () => reject(signal.reason);
        worker.onerror = ({ message }) => reject(new Error(message));
        worker.onmessage = ({ data }: MessageEvent<RerunAnswer>) => {
          if (data.kind === "step") onStep(data);
          else if (data.kind === "failed") reject(new Error(data.why));
          else if (data.kind === kind) resolve(data as Answered<K>);
        };
        worker.postMessage(question);
      });
    });
    this.#last = answer.catch(() => {});
    return answer;
  }

  /**
   * Ends the request under way, and those that wait for it; the next one starts
   * a new worker.
   */
  stop(): void {
    void this.#worker?.then((worker) => worker.terminate());
    this.#worker = undefined;
    this.#stopped.abort(new Error("stopped"));
    this.#stopped = new AbortController();
  }
}

/** @throws {Error} If the browser can't run its script. */
async function openThread(): Promise<Worker> {
  const why = whyNoHerd();
  if (why !== undefined) throw new Error(why);
  const packed = atob(byId("rerunner").textContent!.trim());
  const bytes = Uint8Array.from(packed, (char) => char.charCodeAt(0));
  const stream = new Blob([bytes]).stream()
    .pipeThrough(new DecompressionStream("gzip"));
  const text = await new Response(stream).text();
  const script = new Blob([text], { type: "text/javascript" });
  return new Worker(URL.createObjectURL(script));
}
