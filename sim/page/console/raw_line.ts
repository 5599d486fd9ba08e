/**
 * A form that sends any line to a server, as a client may.
 *
 * @module
 */
/// <reference lib="dom" />
import { button, form, make } from "../../report_page/dom.ts";
import { choice, field, input } from "../fields.ts";

/** The line is sent as if it was typed at the prompt. */
export class RawLine {
  readonly element: HTMLElement;
  readonly server: HTMLSelectElement = choice({ name: "raw-server" });
  readonly #line = input({
    name: "raw-line",
    class: "mono",
    required: "",
    placeholder: "IAMAT kiwi +34.068930-118.445127 1621464827.95",
  });

  /** `send` gets the server and the line. */
  constructor(send: (server: string, line: string) => void) {
    const now = button("an IAMAT with the current time", () => {
      const seconds = (Date.now() / 1_000).toFixed(3);
      this.#line.value = `IAMAT kiwi +34.068930-118.445127 ${seconds}`;
      this.#line.focus();
    }, { class: "link" });
    this.element = form(
      () => send(this.server.value, this.#line.value),
      { class: "card", "aria-label": "A line to a server" },
      make("h2", "A line to a server"),
      field("Server", this.server),
      field("Line", this.#line),
      make(
        "div.row",
        make("button.primary", "Send"),
        make("span.soft", "or fill in ", now),
      ),
    );
  }
}
