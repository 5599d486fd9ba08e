/**
 * Fields of forms, with their labels.
 *
 * @module
 */
/// <reference lib="dom" />
import { make } from "../report_page/dom.ts";
import { showItems } from "./keyed.ts";

/** A field with its label above it. */
export function field(
  label: string,
  control: HTMLElement,
  note = "",
): HTMLElement {
  const about = note === "" ? [] : [make("small", {}, note)];
  return make(
    "label",
    { class: "field" },
    make("span", {}, label),
    control,
    ...about,
  );
}

/** A field for a text; what a browser would add to it is off. */
export function input(
  given: Record<string, string | number>,
): HTMLInputElement {
  return make("input", {
    type: "text",
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
    ...given,
  }) as HTMLInputElement;
}

/** A choice between names. */
export function choice(given: Record<string, string> = {}): HTMLSelectElement {
  return make("select", given) as HTMLSelectElement;
}

/** Offers these names, and keeps what is chosen while it is among them. */
export function offer(
  select: HTMLSelectElement,
  names: readonly string[],
): void {
  const chosen = select.value;
  showItems(select, names, {
    keyOf: (name) => name,
    build: (name) => make("option", { value: name }, name),
  });
  if (names.includes(chosen)) select.value = chosen;
}

/** What went wrong, as a sentence for people. */
export function whyOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A reason as a sentence of its own. */
export function sentence(why: string): string {
  return `${why[0]!.toUpperCase()}${why.slice(1)}.`;
}
