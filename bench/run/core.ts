/**
 * The core alone: a node fed 64 KiB chunks of IAMAT lines, in this thread.
 *
 * @module
 */
import { ByteBlock } from "../../herd/core/bytes/block.ts";
import { instantOfMs } from "../../herd/core/bytes/decimal.ts";
import { LineBuffer } from "../../herd/core/wire/lines.ts";
import { Node } from "../../herd/core/node.ts";
import { Replies } from "../../herd/core/bytes/replies.ts";
import { denoPlatform } from "../../herd/net/deno_platform.ts";
import { Fixes } from "./traffic.ts";

const { clock } = denoPlatform;
const CHUNK_BYTES = 65_536;
const LINE_BYTES_MAX = 65_536;

/** Lines a second: bytes in, reply bytes out. Every line is a newer fix. */
export function coreLinesPerSecond(clients: number, measureMs: number): number {
  const replies = new Replies();
  const node = new Node<undefined>(
    { name: "Alford", seed: 0, echoCancellation: true },
    {
      marked: (answer) => answer(),
      reserve: () => ({ lookup() {}, reply() {} }),
      arm() {},
      stored() {},
      synced() {},
    },
  );
  const lines = new LineBuffer(LINE_BYTES_MAX);
  const block = new Fixes("core", clients);
  let fed = 0;
  const chunk = new ByteBlock(new Uint8Array(CHUNK_BYTES));
  const feed = (bytes: Uint8Array) => {
    chunk.bytes.set(bytes);
    lines.feed(chunk, bytes.length);
    const now = instantOfMs(clock.nowMs());
    while (lines.next()) {
      node.onClientLine(undefined, lines.line, replies.out, now);
      fed++;
    }
    const replied = replies.take();
    if (replied !== undefined) replies.recycle(replied);
  };
  const round = () => {
    const bytes = block.stamp(0, clients);
    for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
      feed(bytes.subarray(at, at + CHUNK_BYTES));
    }
  };
  const warmMs = clock.nowMs() + measureMs / 2;
  while (clock.nowMs() < warmMs) round();
  fed = 0;
  const startMs = clock.nowMs();
  while (clock.nowMs() < startMs + measureMs) round();
  return fed / (clock.nowMs() - startMs) * 1_000;
}
