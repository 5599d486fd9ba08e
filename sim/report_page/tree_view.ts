/**
 * The propagation tree of the followed update.
 *
 * @module
 */
/// <reference lib="dom" />
import { byId, make, tableHead } from "./dom.ts";
import { type Arrival, propagationOf } from "./propagation.ts";
import type { Run } from "./run.ts";
import { counted, grouped, lasting, moment } from "./text.ts";

const HEADS = ["Server", "From", "#Hops", "#After", "#Link", "#Dup.", ""];

export function showTree(run: Run): void {
  const tree = byId("tree");
  const input = byId<HTMLInputElement>("update");
  const updates = run.data.updates.length;
  byId("update-count").textContent = `of ${grouped(updates)}`;
  input.max = String(updates);
  if (run.update < 0) {
    tree.replaceChildren(make("p.soft", "No update was made."));
    return;
  }
  input.value = String(run.update + 1);
  const { messages, index, servers, update } = run;
  const spread = propagationOf(messages, index, update, servers.length);
  const { arrivals, missing, lost, startMs, endMs } = spread;
  const duplicates = arrivals.reduce((sum, a) => sum + a.duplicates, 0);
  const told = [
    `${arrivals.length} of ${counted(servers.length, "server")} took it in ` +
    lasting(Math.max(0, endMs - startMs)),
    `${counted(spread.messages, "message")} between servers`,
    `${counted(duplicates, "duplicate")}`,
    ...lost > 0 ? [`${grouped(lost)} never arrived`] : [],
  ];
  const table = make(
    "table",
    tableHead(...HEADS),
    make(
      "tbody",
      ...branchesOf(arrivals).map((branch, i) =>
        rowOf(run, arrivals[i]!, branch, [startMs, endMs])
      ),
    ),
  );
  const gone = missing.map((server) =>
    `${run.nameOf(server)}${stateAt(run, server, startMs, endMs)}`
  );
  tree.replaceChildren(
    make("p.mono.line", run.data.updates[update]!),
    make("p.summary", `Began at ${moment(startMs)}; ${told.join(", ")}.`),
    make("div.scroll", table),
    ...gone.length === 0
      ? []
      : [make("p.note", `Not taken by: ${gone.join(", ")}.`)],
  );
}

/** The prefixes of the servers' names: `├─ `, `│  └─ `. */
function branchesOf(arrivals: readonly Arrival[]): string[] {
  const isOpen: boolean[] = [];
  return arrivals.map(({ hops }) => hops).reduceRight<string[]>(
    (branches, hops) => {
      const marks = Array.from(
        { length: hops },
        (_, depth) =>
          depth < hops - 1
            ? isOpen[depth + 1] ? "│  " : "   "
            : isOpen[hops]
            ? "├─ "
            : "└─ ",
      );
      isOpen.length = hops;
      isOpen[hops] = true;
      return [marks.join(""), ...branches];
    },
    [],
  );
}

function rowOf(
  run: Run,
  { server, from, hops, sentMs, receivedMs, duplicates }: Arrival,
  branch: string,
  [startMs, endMs]: [number, number],
): HTMLElement {
  const share = (ms: number) =>
    `${(ms - startMs) / Math.max(endMs - startMs, 1e-6) * 100}%`;
  const bar = make("i", {
    style: `left:${share(sentMs)};width:calc(${share(receivedMs)} - ${
      share(sentMs)
    })`,
  });
  const number = (text: string) => make("td.number", text);
  return make(
    "tr",
    make(
      "td",
      make("span.branch", { "aria-hidden": "true" }, branch),
      run.nameOf(server),
    ),
    make("td.soft", run.nameOf(from)),
    number(String(hops)),
    number(lasting(receivedMs - startMs)),
    number(lasting(receivedMs - sentMs)),
    number(duplicates === 0 ? "" : String(duplicates)),
    make("td.bar", { "aria-hidden": "true" }, bar),
  );
}

/** The state of a server that was not up while the update propagated. */
function stateAt(
  { data }: Run,
  server: number,
  startMs: number,
  endMs: number,
): string {
  const down = data.downTimes.find((time) =>
    time.server === server && time.fromMs <= endMs && time.toMs >= startMs
  );
  return down === undefined ? "" : ` (${down.state})`;
}
