/**
 * The closed-loop load generator, a process of its own: keeps a number of lines
 * in flight on each connection and counts the replies. Answers `perSecond` with
 * the replies a second. Takes its {@linkcode ClosedLoop}, and a prefix of its
 * clients' names.
 *
 * @module
 */
import type { ClosedLoop } from "./closed_loop.ts";
import { CountingConnection } from "./counting.ts";
import { Fixes, questions, type Traffic } from "./traffic.ts";
import { ownArgs, serve } from "./serve.ts";

/** The next part is sent when one fourth of a window has been answered. */
const PIECES = 4;

/** One connection, from its first line to its last reply. */
async function drive(
  name: string,
  { port, command, shape: { inFlight }, replyEnd }: ClosedLoop,
  count: (replies: number) => boolean,
): Promise<void> {
  const conn = await CountingConnection.open(port);
  const fixes = new Fixes(name, inFlight);
  let traffic: Traffic = fixes;
  if (command === "whatsat") {
    await conn.send(fixes.stamp(0, inFlight));
    for (let left = inFlight; left > 0;) left -= await conn.replies("line");
    traffic = questions(name, inFlight);
  }
  const piece = Math.max(1, Math.floor(inFlight / PIECES));
  let next = 0;
  const send = async () => {
    const first = next;
    const last = Math.min(first + piece, inFlight);
    next = last === inFlight ? 0 : last;
    await conn.send(traffic.stamp(first, last));
    return last - first;
  };
  let open = 0;
  while (open + piece <= inFlight) open += await send();
  for (let going = true; going;) {
    const replies = await conn.replies(replyEnd);
    open -= replies;
    going = count(replies);
    while (going && open + piece <= inFlight) open += await send();
  }
  conn.close();
}

const [load, name] = ownArgs<[ClosedLoop, string]>();
const { shape: { connections }, ms } = load;
const startedMs = performance.now();
const warmMs = startedMs + ms / 4;
const endMs = warmMs + ms;
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
    { length: connections },
    (_, i) => drive(`${name}-${i}`, load, count),
  ),
);
const perSecond = counted / (lastMs - firstMs) * 1_000;
await serve({ perSecond: () => perSecond });
