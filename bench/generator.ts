/**
 * The load generator, a process of its own: keeps a number of IAMAT lines in
 * flight on each connection and counts the replies. Prints replies a second as
 * JSON.
 *
 * @module
 */
import { parseArgs } from "@std/cli";
import { TrafficBlock } from "./traffic.ts";

const LF = 10;
/** A new piece is sent when this part of a window has been answered. */
const PIECES = 4;

/** One connection, from its first line to its last reply. */
async function drive(
  port: number,
  name: string,
  inFlight: number,
  count: (replies: number) => boolean,
): Promise<void> {
  const conn = await Deno.connect({ hostname: "127.0.0.1", port });
  conn.setNoDelay(true);
  const block = new TrafficBlock(name, inFlight);
  const piece = Math.max(1, Math.floor(inFlight / PIECES));
  const buffer = new Uint8Array(262_144);
  let next = 0;
  const send = async () => {
    const last = Math.min(next + piece, inFlight);
    const bytes = block.stamp(next, last);
    next = last === inFlight ? 0 : last;
    for (let at = 0; at < bytes.length;) {
      at += await conn.write(bytes.subarray(at));
    }
    return bytes.length / block.lineBytes;
  };
  let open = 0;
  while (open + piece <= inFlight) open += await send();
  for (let going = true; going;) {
    const read = await conn.read(buffer);
    if (read === null) throw new Error("The server has closed the connection");
    let replies = 0;
    for (let i = 0; i < read; i++) if (buffer[i] === LF) replies++;
    open -= replies;
    going = count(replies);
    while (going && open + piece <= inFlight) open += await send();
  }
  conn.close();
}

const args = parseArgs(Deno.args, {
  string: ["port", "connections", "in-flight", "warmup-ms", "measure-ms"],
});
const startedMs = performance.now();
const warmMs = startedMs + Number(args["warmup-ms"]);
const endMs = warmMs + Number(args["measure-ms"]);
let counted = 0;
let firstMs = 0;
let lastMs = 0;
const count = (replies: number) => {
  const nowMs = performance.now();
  if (nowMs < warmMs) return true;
  if (firstMs === 0) firstMs = nowMs;
  else counted += replies;
  lastMs = nowMs;
  return nowMs < endMs;
};
await Promise.all(
  Array.from(
    { length: Number(args.connections) },
    (_, i) =>
      drive(Number(args.port), `c${i}`, Number(args["in-flight"]), count),
  ),
);
console.log(
  JSON.stringify({ perSecond: counted / (lastMs - firstMs) * 1_000 }),
);
Deno.exit(0);
