/**
 * The details of the chosen client, and a search for places around it.
 *
 * @module
 */
/// <reference lib="dom" />
import type { SeenFix } from "../../model/web/batch.ts";
import type { Given } from "../../model/web/routes.ts";
import { ITEMS_MAX, RADIUS_KM_MAX } from "../../model/web/whatsat_bounds.ts";
import { button, form, make } from "../../report_page/dom.ts";
import { counted, lasting } from "../../report_page/text.ts";
import type { App } from "../app.ts";
import { choice, field, input, whyOf } from "../fields.ts";
import { setText } from "../keyed.ts";
import type { Search } from "./painter.ts";
import { type Found, type Place, placesOf } from "./places.ts";
import { type Position, positionText } from "./projection.ts";
import { readPosition } from "./send_form.ts";

export class ClientCard {
  readonly element: HTMLElement;
  readonly server: HTMLSelectElement = choice({ name: "server" });
  readonly #app: App;
  readonly #onSearch: (search: Search | null) => void;
  readonly #title = make("h2.client");
  readonly #facts = make("div");
  readonly #radius = input({
    name: "radius",
    type: "number",
    min: 0,
    max: RADIUS_KM_MAX,
    step: "any",
    value: 20,
    required: "",
  });
  readonly #items = input({
    name: "items",
    type: "number",
    min: 0,
    max: ITEMS_MAX,
    value: 8,
    required: "",
  });
  readonly #ask = make("button.primary", "WHATSAT");
  readonly #answer = make("div.answer", { role: "status" });
  readonly #form: HTMLElement;
  #client = "";

  /** Reports searches, and that the card was closed. */
  constructor(
    app: App,
    onSearch: (search: Search | null) => void,
    onClose: () => void,
  ) {
    this.#app = app;
    this.#onSearch = onSearch;
    this.#form = form(
      () => void this.#search(),
      { "aria-label": "What is around this client" },
      make(
        "div.trio",
        field("Ask server", this.server),
        field("Radius, km", this.#radius),
        field("At most", this.#items),
      ),
      make("div.row", this.#ask),
    );
    const close = button("✕", onClose, {
      class: "quiet",
      "aria-label": "Close",
    });
    this.element = make(
      "section.card",
      { "aria-label": "Client", hidden: "" },
      make("div.head", this.#title, close),
      this.#facts,
      this.#form,
      this.#answer,
    );
  }

  /** Shows a client; an empty ID hides the card. */
  show(client: string, fix: SeenFix | undefined): void {
    this.element.hidden = client === "";
    if (client !== this.#client) {
      this.#client = client;
      this.#answer.replaceChildren();
      this.#onSearch(null);
    }
    setText(this.#title, client);
    this.#form.hidden = fix === undefined;
    const text = fix === undefined
      ? "No fix of this client has been seen. Click on the map to send one."
      : "";
    const key = fix === undefined ? text : `${fix.line} ${fix.behind.join()}`;
    if (this.#facts.dataset["shown"] === key) return;
    this.#facts.dataset["shown"] = key;
    this.#facts.replaceChildren(
      ...fix === undefined ? [make("p.soft", text)] : facts(fix),
    );
  }

  async #search(): Promise<void> {
    const client = this.#client;
    const radius = this.#radius.valueAsNumber;
    this.#ask.disabled = true;
    this.#tell(make("p.soft", "Asking…"));
    try {
      const answer = await this.#app.api.post<Given<"whatsat">>(
        "/api/whatsat",
        {
          to: this.server.value,
          client,
          radius,
          items: this.#items.valueAsNumber,
        },
      );
      if (client === this.#client) this.#found(answer, radius);
    } catch (error) {
      if (client !== this.#client) return;
      this.#tell(make("p.bad", whyOf(error)));
    } finally {
      this.#ask.disabled = false;
    }
  }

  #found(
    { at, reply, places, tookMs }: Given<"whatsat">,
    radiusKm: number,
  ): void {
    const position = positionOf(at ?? "");
    if (position === undefined) {
      this.#onSearch(null);
      return this.#tell(
        make("p.mono", reply.trimEnd()),
        make("p.soft", "This server does not know the client."),
      );
    }
    const found = placesOf(places, position);
    this.#onSearch({ at: position, radiusKm, places: found.places });
    this.#tell(...told(found, radiusKm, tookMs));
  }

  #tell(...parts: Node[]): void {
    this.#answer.replaceChildren(...parts);
  }
}

function facts(fix: SeenFix): Node[] {
  const { behind } = fix;
  return [
    make(
      "dl.facts",
      ...fact("Position", make("span.mono", positionText(fix))),
      ...fact("Told to", fix.server),
      ...fact(
        "Known to",
        behind.length === 0
          ? "every server that is up"
          : make("span.bad", `all but ${behind.join(", ")}`),
      ),
    ),
    make("p.mono.at-line", fix.line),
  ];
}

function fact(name: string, value: Node | string): Node[] {
  return [make("dt", name), make("dd", value)];
}

function told(
  { places, unplaced, problem }: Found,
  radiusKm: number,
  tookMs: number,
): Node[] {
  const parts: Node[] = [];
  if (problem !== "") parts.push(make("p.bad", problem));
  if (places.length > 0) {
    const count = counted(places.length, "place");
    parts.push(
      make(
        "p.soft",
        `${count} within ${radiusKm} km, after ${lasting(tookMs)}`,
      ),
      make("ol.places", ...places.map(placeItem)),
    );
  }
  if (unplaced > 0) {
    const count = counted(unplaced, "result has", "results have");
    parts.push(make("p.soft", `${count} no position.`));
  }
  return parts;
}

function placeItem({ name, vicinity, km }: Place): HTMLElement {
  return make(
    "li",
    make("span", name),
    make("small", vicinity),
    make("small.number", `${km.toFixed(1)} km`),
  );
}

/** The position in an AT line, as the centre of a circle. */
export function positionOf(line: string): Position | undefined {
  return readPosition(line.split(" ")[4] ?? "");
}
