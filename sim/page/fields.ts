/**
 * Form fields with labels.
 *
 * @module
 */
/// <reference lib="dom" />
import { type Given, make, type Part } from "../report_page/dom.ts";
import { showItems } from "./keyed.ts";

/** A field with its label above it. */
export function field(
  label: string,
  control: HTMLElement,
  note = "",
): HTMLElement {
  const about = note === "" ? [] : [make("small", note)];
  return make("label.field", make("span", label), control, ...about);
}

/** A text field without the browser's autocompletion and spell checking. */
export function input(given: Given): HTMLInputElement {
  return make("input", {
    type: "text",
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
    ...given,
  });
}

export function choice(
  given: Given = {},
  options: readonly (readonly [value: string | number, text: string])[] = [],
): HTMLSelectElement {
  const made = options.map(([value, text]) => make("option", { value }, text));
  return make("select", given, ...made);
}

/**
 * Replaces the options, and keeps the selection if it is among the new ones.
 */
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

/** A row of a list that is a button: a name, and what else it tells. */
export function row(
  name: string,
  act: () => void,
  ...others: readonly Part[]
): HTMLElement {
  const given = { type: "button", onclick: act };
  return make("li", make("button", given, make("span.name", name), ...others));
}

/** A text in which keys stand in brackets: `[Tab] completes`. */
export function withKeys(text: string): Part[] {
  return text.split(/\[(.+?)\]/)
    .map((part, at) => at % 2 === 0 ? part : make("kbd", part));
}

/** The message of an error. */
export function whyOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Makes a sentence of a reason: a capital letter, and a full stop. */
export function sentence(why: string): string {
  return `${why[0]!.toUpperCase()}${why.slice(1)}.`;
}
