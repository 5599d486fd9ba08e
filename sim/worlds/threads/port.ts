/**
 * A thread's own end of the messages to its parent.
 *
 * @module
 */

/** Exchanges messages with the thread that started this one. */
export interface ParentPort<In, Out> {
  post(message: Out): void;
  /** Calls `hear` with each message from now on. */
  listen(hear: (message: In) => void): void;
}

/** The worker's globals for this, which the DOM types leave out. */
interface WorkerGlobal<In, Out> {
  onmessage: ((event: MessageEvent<In>) => void) | null;
  postMessage(message: Out): void;
}

export function parentPort<In, Out>(): ParentPort<In, Out> {
  const global = globalThis as unknown as WorkerGlobal<In, Out>;
  return {
    post: (message) => global.postMessage(message),
    listen(hear) {
      global.onmessage = ({ data }) => hear(data);
    },
  };
}
