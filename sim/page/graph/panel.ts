/**
 * What the panels beside the graph share.
 *
 * @module
 */
/// <reference lib="dom" />
import { button, make } from "../../report_page/dom.ts";
import { grouped, lasting } from "../../report_page/text.ts";
import type { FaultView } from "../../model/web/batch.ts";
import type { App } from "../app.ts";
import { row } from "../fields.ts";
import { setText, showItems } from "../keyed.ts";
import { linkName, type Snapshot } from "../snapshot.ts";
import { FaultsByTarget, linkLook } from "./looks.ts";
import type { Chosen } from "./scene.ts";

/** A panel beside the graph. */
export interface Panel {
  readonly element: HTMLElement;
  /** Shows the state at a moment. */
  show(snapshot: Snapshot): void;
}

/** Shows another panel; `undefined` is that of the whole herd. */
export type Choose = (chosen: Chosen | undefined) => void;

export function card(
  title: string,
  given: Record<string, string>,
  ...children: (Node | string)[]
): HTMLElement {
  return make(
    "section",
    { ...given, class: `card ${given["class"] ?? ""}` },
    make("h2", title),
    ...children,
  );
}

/** The header of a panel, with a way back. */
export function panelHead(
  name: string,
  kind: string,
  choose: Choose,
): HTMLElement {
  return make(
    "div.head",
    make("div", make("small", kind), make("h2", { tabindex: -1 }, name)),
    button("×", () => choose(undefined), {
      class: "quiet",
      "aria-label": "Close: back to the herd",
    }),
  );
}

export function showLinks(
  list: HTMLElement,
  server: string,
  snapshot: Snapshot,
  choose: Choose,
): void {
  const faults = new FaultsByTarget(snapshot.faults);
  const links = [...snapshot.links.values()]
    .filter(({ a, b }) => a === server || b === server);
  showItems(list, links, {
    keyOf: linkName,
    build: (link) => {
      const other = link.a === server ? link.b : link.a;
      const open = () => choose({ kind: "link", name: linkName(link) });
      return row(other, open, make("small"));
    },
    refresh: (element, link) => {
      const { word, tone } = linkLook(link, faults);
      const state = element.firstElementChild!.lastElementChild as HTMLElement;
      state.dataset["tone"] = tone;
      setText(state, word);
    },
  });
}

/** Facts with their names; unknown ones, which are `null`, are left out. */
export function showFacts(
  list: HTMLElement,
  facts: readonly (readonly [name: string, value: string | null])[],
): void {
  const known = facts.filter(([, value]) => value !== null);
  showItems(list, known, {
    keyOf: ([name]) => name,
    build: ([name]) => make("div", make("dt", name), make("dd.number")),
    refresh: (element, [, value]) => setText(element.lastElementChild!, value!),
  });
}

/** `null` if the number is not known. */
export function numberText(value: number | null): string | null {
  return value === null ? null : grouped(value);
}

/** `null` if the duration is not known. */
export function durationText(ms: number | null): string | null {
  return ms === null ? null : lasting(ms);
}

/** With a unit; `null` if not known. */
export function bytesText(bytes: number | null): string | null {
  if (bytes === null) return null;
  if (bytes < 10_000) return `${grouped(bytes)} B`;
  if (bytes < 10_000_000) return `${grouped(bytes / 1_024)} KiB`;
  return `${grouped(bytes / 1_048_576)} MiB`;
}

/** Time since, roughly. */
export function ago(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min`;
  return `${Math.floor(seconds / 3_600)} h`;
}

/**
 * Lists faults with their targets, how much each has touched, and a button to
 * end it.
 */
export function showFaults(
  list: HTMLElement,
  faults: readonly FaultView[],
  app: App,
  atMs: number,
): void {
  showItems(list, faults, {
    keyOf: ({ id }) => id,
    build: ({ id, text }) =>
      make(
        "li.fault",
        make("span.what", text),
        button("Heal", () =>
          void app.attempt(async () => {
            await app.api.del(`/api/faults/${encodeURIComponent(id)}`);
            app.notice(`Healed: ${text}`);
          }), { "aria-label": `Heal ${text}` }),
        make("small"),
      ),
    refresh: (element, { touched, sinceMs }) =>
      setText(
        element.lastElementChild!,
        `touched ${grouped(touched)} · for ${ago(atMs - sinceMs)}`,
      ),
  });
}
