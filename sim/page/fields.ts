/**
 * Form fields with labels.
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

/** A text field without the browser's autocompletion and spell checking. */
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

export function choice(given: Record<string, string> = {}): HTMLSelectElement {
  return make("select", given) as HTMLSelectElement;
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

/** The message of an error. */
export function whyOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Makes a sentence of a reason: a capital letter, and a full stop. */
export function sentence(why: string): string {
  return `${why[0]!.toUpperCase()}${why.slice(1)}.`;
}
