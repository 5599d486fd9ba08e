/**
 * A worker that listens, and ends by an error as soon as its disk goes wrong,
 * before it has answered.
 *
 * @module
 */
import type { StartMessage } from "../../../../../sim/worlds/threads/wire.ts";

self.onmessage = ({ data }: MessageEvent<StartMessage>) => {
  Deno.listen({ hostname: data.hostname, port: data.port });
  self.postMessage({ kind: "listening", port: data.port });
  self.onmessage = ({ data }) => {
    if (JSON.stringify(data).includes('"trouble"')) throw new Error("EIO");
  };
};

declare const self: Worker;
