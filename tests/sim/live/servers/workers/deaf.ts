/**
 * A worker that listens, and then hears nothing for a while: what it was told
 * in that time, even to end, it does only after it.
 *
 * @module
 */
import type { StartMessage } from "../../../../../sim/worlds/threads/wire.ts";

const DEAF_MS = 2_000;

self.onmessage = ({ data }: MessageEvent<StartMessage>) => {
  Deno.listen({ hostname: data.hostname, port: data.port });
  self.postMessage({ kind: "listening", port: data.port });
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, DEAF_MS);
};

declare const self: Worker;
