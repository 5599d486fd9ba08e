/**
 * A form for any fault of the catalogue, built from its JSON Schema: a new kind
 * of fault appears by itself.
 *
 * @module
 */
/// <reference lib="dom" />
import { form, make } from "../../report_page/dom.ts";
import type { App } from "../app.ts";
import { choice, field, input } from "../fields.ts";
import {
  bodyOf,
  type FaultField,
  type FaultKind,
  fieldsOf,
} from "./fault_fields.ts";

/** Requested once, then kept. */
let kinds: Promise<readonly FaultKind[]> | undefined;

export class FaultForm {
  readonly element: HTMLElement = form(() => void this.#begin(), {
    class: "fault-form",
  });
  readonly #app: App;
  readonly #kind = choice({ name: "kind" });
  readonly #target: HTMLSelectElement;
  readonly #does = make("p.soft");
  readonly #fields = make("div.fields");
  #controls: readonly { field: FaultField; read: () => unknown }[] = [];
  #kinds: readonly FaultKind[] = [];

  /** For the faults of servers or of links, on one of these targets. */
  constructor(
    app: App,
    on: "servers" | "links",
    targets: readonly (readonly [target: string, text: string])[],
  ) {
    this.#app = app;
    this.#target = choice({ name: "target" }, targets);
    this.#kind.addEventListener("change", () => this.#showFields());
    void this.#load(on);
  }

  async #load(on: "servers" | "links"): Promise<void> {
    const { api } = this.#app;
    kinds ??= api.get<readonly FaultKind[]>("/api/kinds");
    const known = await this.#app.attempt(() => kinds!);
    if (known === undefined) {
      kinds = undefined;
      return;
    }
    this.#kinds = known.filter((kind) =>
      kind.on === on && !HAS_BUTTONS.has(kind.name)
    );
    this.#kind.append(
      ...this.#kinds.map(({ name }) =>
        make("option", { value: name }, name.replaceAll("_", " "))
      ),
    );
    this.element.append(
      field("Fault", this.#kind),
      ...this.#target.length > 1 ? [field("On", this.#target)] : [],
      this.#does,
      this.#fields,
      make("button.primary", { type: "submit" }, "Bring about"),
    );
    this.#showFields();
  }

  #showFields(): void {
    const kind = this.#kinds.find(({ name }) => name === this.#kind.value);
    if (kind === undefined) return;
    this.#does.textContent = kind.does;
    const shown = fieldsOf(kind).map((it) => ({ field: it, ...control(it) }));
    this.#controls = shown;
    // Optional fields are folded away.
    const usual = shown.filter((it) => it.field.isRequired);
    const others = shown.filter((it) => !it.field.isRequired);
    const elements = (list: typeof shown) =>
      list.map(({ field: { name, note }, element }) =>
        field(name.replaceAll("_", " "), element, note)
      );
    this.#fields.replaceChildren(
      ...elements(usual),
      ...others.length === 0 ? [] : [
        make(
          "details",
          make("summary", "More fields"),
          make("div.fields", ...elements(others)),
        ),
      ],
    );
  }

  async #begin(): Promise<void> {
    const body = bodyOf(
      this.#kind.value,
      this.#target.value,
      this.#controls.map(({ field: { name }, read }) => [name, read()]),
    );
    await this.#app.attempt(() => this.#app.api.post("/api/faults", body));
  }
}

/** Faults that the server panel has buttons for. */
const HAS_BUTTONS = new Set(["kill", "crash", "pause", "restart"]);

function control(
  { name, type, choices, pattern, min, max, isRequired, example }: FaultField,
): { element: HTMLElement; read: () => unknown } {
  if (choices.length > 0) {
    const offered = isRequired ? choices : ["", ...choices];
    const options = offered.map((it) => [it, it || "default"] as const);
    const select = choice({ name }, options);
    return { element: select, read: () => select.value };
  }
  if (type === "boolean") {
    const box = make("input", { type: "checkbox", name });
    return { element: box, read: () => box.checked || "" };
  }
  const text = input({
    name,
    ...type === "integer" ? { type: "number", step: 1 } : {},
    ...min === undefined ? {} : { min },
    ...max === undefined ? {} : { max },
    ...pattern === undefined ? {} : { pattern },
    ...isRequired ? { required: "" } : {},
    ...example === "" ? {} : { placeholder: example },
  });
  return { element: text, read: () => text.value.trim() };
}
