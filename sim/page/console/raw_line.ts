/**
 * A form that sends any line to a server, as a client may.
 *
 * @module
 */
/// <reference lib="dom" />
import { make } from "../../report_page/dom.ts";
import { choice, field, input, offer } from "../fields.ts";

/** The line is sent as if it was typed at the prompt. */
export class RawLine {
  readonly element: HTMLElement;
  readonly #server = choice({ name: "raw-server" });
  readonly #line = input({
    name: "raw-line",
    class: "mono",
    required: "",
    placeholder: "IAMAT kiwi +34.068930-118.445127 1621464827.95",
  });

  /** `send` gets the server and the line. */
  constructor(send: (server: string, line: string) => void) {
    const now = make(
      "button",
      {
        type: "button",
        class: "link",
        onclick: () => {
          const seconds = (Date.now() / 1_000).toFixed(3);
          this.#line.value = `IAMAT kiwi +34.068930-118.445127 ${seconds}`;
          this.#line.focus();
        },
      },
      "an IAMAT with the current time",
    );
    this.element = make(
      "form",
      { class: "card", "aria-label": "A line to a server" },
      make("h2", {}, "A line to a server"),
      field("Server", this.#server),
      field("Line", this.#line),
      make(
        "div",
        { class: "row" },
        make("button", { class: "primary" }, "Send"),
        make("span", { class: "soft" }, "or fill in ", now),
      ),
    );
    this.element.addEventListener("submit", (event) => {
      event.preventDefault();
      send(this.#server.value, this.#line.value);
    });
  }

  offer(servers: readonly string[]): void {
    offer(this.#server, servers);
  }
}
