/**
 * A form that sends a client's fix to a server, from a position on the map.
 *
 * @module
 */
/// <reference lib="dom" />
import type { Given } from "../../model/web/routes.ts";
import { form, make } from "../../report_page/dom.ts";
import { lasting } from "../../report_page/text.ts";
import type { App } from "../app.ts";
import { choice, field, input, whyOf } from "../fields.ts";
import { type Position, positionText } from "./projection.ts";

/** The position comes from the map, or is typed in. */
export class SendForm {
  readonly element: HTMLElement;
  readonly server: HTMLSelectElement = choice({ name: "server" });
  readonly #app: App;
  readonly #onSent: (client: string) => void;
  readonly #client = input({ name: "client", value: "kiwi", required: "" });
  readonly #position = input({
    name: "position",
    required: "",
    placeholder: "+34.068930-118.445127",
    class: "mono",
  });
  readonly #button = make("button.primary", "Send IAMAT");
  readonly #answer = make("output.answer");

  /** Reports the client whose fix was sent, and positions that are typed in. */
  constructor(
    app: App,
    onSent: (client: string) => void,
    onPosition: (position: Position) => void,
  ) {
    this.#app = app;
    this.#onSent = onSent;
    this.element = form(
      () => void this.#send(),
      { class: "card", "aria-label": "Send a fix" },
      make("h2", "Send a fix"),
      make(
        "div.pair",
        field("Client", this.#client),
        field("To server", this.server),
      ),
      field("From", this.#position, "Click on the map, or type a position."),
      make("div.row", this.#button),
      this.#answer,
    );
    this.#position.addEventListener("change", () => {
      const position = readPosition(this.#position.value);
      this.#position.setCustomValidity(position ? "" : NO_POSITION);
      if (position) onPosition(position);
    });
  }

  /** Sets the position of the next fix. */
  from(position: Position): void {
    this.#position.value = positionText(position);
    this.#position.setCustomValidity("");
  }

  /** Sets the client of the next fix. */
  as(client: string): void {
    this.#client.value = client;
  }

  async #send(): Promise<void> {
    const position = readPosition(this.#position.value);
    if (position === undefined) return;
    const client = this.#client.value;
    this.#button.disabled = true;
    try {
      const body = { to: this.server.value, client, ...position };
      const { reply, at, tookMs } = await this.#app.api.post<Given<"iamat">>(
        "/api/iamat",
        body,
      );
      this.#answer.replaceChildren(
        make(at === null ? "span.mono.bad" : "span.mono", reply.trimEnd()),
        make("small", `after ${lasting(tookMs)}`),
      );
      if (at !== null) this.#onSent(client);
    } catch (error) {
      this.#answer.replaceChildren(
        make("span.bad", whyOf(error)),
      );
    } finally {
      this.#button.disabled = false;
    }
  }
}

const NO_POSITION =
  "A position is a latitude and a longitude, each with its sign: +34.06-118.44";

/** Parses a position in the form of `IAMAT`; `undefined` if it is none. */
export function readPosition(text: string): Position | undefined {
  const found = /^\s*([+-]\d+(?:\.\d*)?)\s*([+-]\d+(?:\.\d*)?)\s*$/.exec(text);
  if (found === null) return undefined;
  const [latitude, longitude] = [Number(found[1]), Number(found[2])];
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180
    ? { latitude, longitude }
    : undefined;
}
