/**
 * The thread in which the run is run again: it is made of what the page carries,
 * when it is asked for the first time.
 *
 * @module
 */
/// <reference lib="dom" />
import type {
  RerunAnswer,
  RerunQuestion,
} from "../model/report/rerun_messages.ts";
import { byId } from "./dom.ts";

type Step = Extract<RerunAnswer, { kind: "step" }>;
type Answered<K extends RerunAnswer["kind"]> = Extract<
  RerunAnswer,
  { kind: K }
>;

/** Runs the run again. */
export class RerunThread {
  #worker: Promise<Worker> | undefined;
  /** One question is asked at a time. */
  #last: Promise<unknown> = Promise.resolve();
  #stop: (why: Error) => void = () => {};

  /**
   * Asks it; `onStep` hears of each step that has ended.
   *
   * @throws {Error} If it can't be done, or was stopped.
   */
  ask<K extends "ran" | "completed" | "help">(
    kind: K,
    question: RerunQuestion,
    onStep: (step: Step) => void = () => {},
  ): Promise<Answered<K>> {
    const answer = this.#last.then(() => this.#ask(kind, question, onStep));
    this.#last = answer.catch(() => {});
    return answer;
  }

  /** Ends what it does; the next question is for another thread. */
  stop(): void {
    void this.#worker?.then((worker) => worker.terminate());
    this.#worker = undefined;
    this.#stop(new Error("stopped"));
  }

  async #ask<K extends RerunAnswer["kind"]>(
    kind: K,
    question: RerunQuestion,
    onStep: (step: Step) => void,
  ): Promise<Answered<K>> {
    const worker = await (this.#worker ??= openThread());
    return await new Promise((resolve, reject) => {
      this.#stop = reject;
      worker.onerror = ({ message }) => reject(new Error(message));
      worker.onmessage = ({ data }: MessageEvent<RerunAnswer>) => {
        if (data.kind === "step") onStep(data);
        else if (data.kind === "failed") reject(new Error(data.why));
        else if (data.kind === kind) resolve(data as Answered<K>);
      };
      worker.postMessage(question);
    });
  }
}

async function openThread(): Promise<Worker> {
  const packed = atob(byId("rerunner").textContent!.trim());
  const bytes = Uint8Array.from(packed, (char) => char.charCodeAt(0));
  const stream = new Blob([bytes]).stream()
    .pipeThrough(new DecompressionStream("gzip"));
  const text = await new Response(stream).text();
  const script = new Blob([text], { type: "text/javascript" });
  return new Worker(URL.createObjectURL(script));
}
