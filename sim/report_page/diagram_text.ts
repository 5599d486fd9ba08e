/**
 * The texts of the diagram.
 *
 * @module
 */
/// <reference lib="dom" />
import type { Drawn } from "./diagram.ts";
import { make } from "./dom.ts";
import { FAILURE_DASH, UNKNOWN_DASH } from "./frame.ts";
import type { Run } from "./run.ts";
import { UNKNOWN } from "./columns.ts";
import { grouped, lasting, moment } from "./text.ts";

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

/** The legend of lines and areas. */
export function legendOf(): HTMLElement[] {
  const line = (colour: string, more = "") =>
    `<path d="M1 9 17 1" stroke="var(--${colour})" stroke-width="1.5"${more}/>`;
  const box = (colour: string) =>
    `<rect width="18" height="10" fill="var(--${colour})"/>`;
  const mark = '<rect x="8" width="2" height="10" fill="var(--bad)"/>';
  const cross = '<path d="M13 1 17 5M13 5 17 1" stroke="var(--bad)"/>';
  const dashed = (dash: number[]) => ` stroke-dasharray="${dash.join(" ")}"`;
  const failure = `<path d="M9 0V10" stroke="var(--bad)"${
    dashed(FAILURE_DASH)
  }/>`;
  const items: [string, string][] = [
    [line("soft"), "newer than what was held"],
    [line("faint"), "held already"],
    [`<path d="M1 9 15 3" stroke="var(--bad)"/>${cross}`, "never arrived"],
    [line("soft", dashed(UNKNOWN_DASH)), "not known whether it arrived"],
    [line("accent"), "the update that is followed"],
    [line("accent", ' opacity="0.4"'), "the same, held already"],
    [box("down"), "server not up"],
    [box("band"), "fault"],
    [failure, "step that failed"],
    [mark, "request that failed, or of which nobody knows"],
  ];
  return items.map(([drawing, text]) => {
    const entry = make("span");
    entry.innerHTML =
      `<svg width="18" height="10" aria-hidden="true">${drawing}</svg>`;
    entry.append(text);
    return entry;
  });
}
