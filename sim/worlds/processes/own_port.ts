/**
 * A process's own side of what it says to who started it: lines of JSON on its
 * standard input and output.
 *
 * @module
 */
import { jsonLines, JsonWriter } from "./json_lines.ts";

/** Speaks with the process that started this one. */
export interface OwnPort<In, Out> {
  post(message: Out): void;
  /** Resolves when all that was posted has been written. */
  written(): Promise<void>;
  /** Hears what is said, until nothing more will be. */
  listen(hear: (message: In) => void): Promise<void>;
}

/**
 * This process's port. What a library prints, goes to standard error from now
 * on: between the messages it would be taken for one.
 */
export function ownPort<In, Out>(): OwnPort<In, Out> {
  const { error } = console;
  Object.assign(console, { log: error, info: error, debug: error });
  const output = new JsonWriter(Deno.stdout.writable);
  return {
    post: (message) => output.write(message),
    written: () => output.written,
    async listen(hear) {
      for await (const message of jsonLines<In>(Deno.stdin.readable)) {
        hear(message);
      }
    },
  };
}
