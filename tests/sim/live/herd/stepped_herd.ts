/**
 * A herd on a machine whose clock is set again and again. It is run by a test,
 * with libfaketime before it, which reads the clock's error from a file.
 *
 * @module
 */
import { assert } from "@std/assert";
import { type FixOrLine, Herd } from "../../../../mod.ts";

/** Between two threads' clocks; the least step is 50 ms. */
const APART_MS = 1;

const [stepFile = ""] = Deno.args;

/** Sets the system's clock: by so many seconds, to so many ahead in all. */
async function setClock(stepS: number, aheadS: number): Promise<void> {
  const text = `${aheadS < 0 ? "" : "+"}${aheadS}\n`;
  await Deno.writeTextFile(`${stepFile}.new`, text);
  const before = Date.now();
  await Deno.rename(`${stepFile}.new`, stepFile);
  const byS = (Date.now() - before) / 1_000;
  assert(Math.abs(byS - stepS) < 30, `It was set by ${byS} s, not ${stepS}`);
}

/** Tells a server a fix, which all must have in time. */
async function tell(herd: Herd, server: string): Promise<FixOrLine> {
  await using client = await herd.client(server);
  const fix = await client.iamat(`of-${server}`, "+34.0-118.0");
  await herd.propagated(fix, { withinMs: 30_000 });
  return fix;
}

const herd = await Herd.start("2014", { places: "none", trace: true });
let aheadS = 0;
for (const stepS of [60, -60, 0.05, -0.05]) {
  aheadS += stepS;
  const before = await tell(herd, "Alford");
  await setClock(stepS, aheadS);
  await herd.restart("Powell");
  await herd.propagated(before, { on: ["Powell"], withinMs: 30_000 });
  await tell(herd, "Alford");
  await tell(herd, "Powell");
}

const written = new Map<string, number[]>();
const records = [...herd.trace()];
const lastMs = new Map<string, number>();
for (const record of records) {
  if (!("server" in record)) continue;
  const { kind, server, atMs } = record;
  const last = lastMs.get(server) ?? 0;
  assert(atMs >= last, `${server} recorded ${last - atMs} ms before the last`);
  lastMs.set(server, atMs);
  if (kind !== "sent") continue;
  const key = `${server} ${record.to} ${record.line}`;
  written.set(key, [...written.get(key) ?? [], atMs]);
}
let hops = 0;
for (const record of records) {
  if (record.kind !== "delivery" || record.from === null) continue;
  const { from: peer, server, line, atMs } = record;
  const [sentMs = Infinity] = written.get(`${peer} ${server} ${line}`) ?? [];
  assert(atMs >= sentMs - APART_MS, `${server} read ${sentMs - atMs} ms early`);
  hops++;
}
assert(hops > 40, `only ${hops} hops`);
console.log("all clocks agree");
await herd.stop();
console.log("the herd has stopped");
// As Deno leaves, libfaketime gives up its memory while threads still ask it for
// the time: every twentieth process ends in a segmentation fault.
Deno.kill(Deno.pid, "SIGKILL");
