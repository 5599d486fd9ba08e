/**
 * A thread's own side of its messages.
 *
 * @module
 */

/** Speaks with the thread that started this one. */
export interface ParentPort<In, Out> {
  /** Says something. */
  post(message: Out): void;
  /** Hears what is said, from now on. */
  listen(hear: (message: In) => void): void;
}

/** What a worker has for that, which the DOM types leave out. */
interface WorkerGlobal<In, Out> {
  onmessage: ((event: MessageEvent<In>) => void) | null;
  postMessage(message: Out): void;
}

/** This thread's port. */
export function parentPort<In, Out>(): ParentPort<In, Out> {
  const global = globalThis as unknown as WorkerGlobal<In, Out>;
  return {
    post: (message) => global.postMessage(message),
    listen(hear) {
      global.onmessage = ({ data }) => hear(data);
    },
  };
}
