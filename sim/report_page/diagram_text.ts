/**
 * What the diagram says in words.
 *
 * @module
 */
/// <reference lib="dom" />
import type { Drawn } from "./diagram.ts";
import { make } from "./dom.ts";
import type { Run } from "./run.ts";
import { UNKNOWN } from "./columns.ts";
import { grouped, lasting, moment } from "./text.ts";

/** What a message is, for people. */
export function messageText(
  run: Run,
  message: number,
): [string, string, string] {
  const { from, to, sentMs, receivedMs, isNew, update } = run.messages;
  const received = receivedMs[message]!;
  const sent = sentMs[message]!;
  const outcome = Number.isNaN(received)
    ? isNew[message] === UNKNOWN ? "not known to have arrived" : "never arrived"
    : isNew[message] === 1
    ? `took ${lasting(received - sent)}`
    : `took ${lasting(received - sent)}, held already`;
  return [
    `${run.nameOf(from[message]!)} → ${run.nameOf(to[message]!)}`,
    `sent at ${moment(sent, 1)}, ${outcome}`,
    run.data.updates[update[message]!] ?? "",
  ];
}

/** How much of the run is shown, in words. */
export function shownText(run: Run, { drawn, inWindow, oneIn }: Drawn): string {
  const { carried } = run.data;
  const total = carried.messages[0];
  const window = inWindow === total
    ? `all ${grouped(total)} messages`
    : `${grouped(inWindow)} of ${grouped(total)} messages`;
  const filter = run.client === "" ? "" : ` of client “${run.client}”`;
  const parts = [
    oneIn === 1
      ? `Shows ${window}${filter}.`
      : `Shows ${grouped(drawn)} messages, those of about 1 in ${
        oneIn.toFixed(oneIn < 10 ? 1 : 0)
      } updates, where ${window}${filter} are in the window. ` +
        "Narrow the window, or filter, to see each.",
  ];
  if (carried.messages[1] > total) {
    parts.push(
      `The page carries ${grouped(carried.updates[0])} of ${
        grouped(carried.updates[1])
      } updates, so ${grouped(total)} of ${
        grouped(carried.messages[1])
      } messages; all are in history.jsonl.`,
    );
  }
  return parts.join(" ");
}

/** The key to what the lines mean. */
export function legendOf(): HTMLElement[] {
  const items: [string, string][] = [
    ["soft", "newer than what was held"],
    ["faint", "held already"],
    ["bad", "never arrived"],
    ["accent", "the update that is followed"],
  ];
  const entries = items.map(([colour, text]) => {
    const swatch = make("span");
    swatch.innerHTML =
      `<svg width="18" height="10" aria-hidden="true"><path d="M1 9 17 1" stroke="var(--${colour})" stroke-width="1.5"/></svg>`;
    swatch.append(text);
    return swatch;
  });
  const grey = make("span");
  grey.innerHTML =
    '<svg width="18" height="10" aria-hidden="true"><rect width="18" height="10" fill="var(--down)"/></svg>';
  grey.append("server not up");
  return [...entries, grey];
}
