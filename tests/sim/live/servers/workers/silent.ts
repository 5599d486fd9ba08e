/**
 * A worker that listens, and then ends without a word.
 *
 * @module
 */
import type { StartMessage } from "../../../../../sim/worlds/threads/wire.ts";

self.onmessage = ({ data }: MessageEvent<StartMessage>) => {
  Deno.listen({ hostname: data.hostname, port: data.port });
  self.postMessage({ kind: "listening", port: data.port });
  self.onmessage = null;
  setTimeout(() => self.close(), 100);
};

declare const self: Worker & { close(): void };
