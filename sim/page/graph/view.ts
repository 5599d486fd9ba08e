/**
 * The graph of servers and links.
 *
 * @module
 */
/// <reference lib="dom" />
import { make } from "../../report_page/dom.ts";
import type { View } from "../app.ts";

/** The view. */
export const graph: View = {
  title: "Graph",
  mount(root, app) {
    const text = make("p", { class: "empty" });
    root.append(make("h1", { class: "unseen" }, "Graph"), text);
    const show = () => {
      const { servers, links } = app.store.current;
      text.textContent = servers.size === 0
        ? "No server is known yet."
        : `${servers.size} servers, ${links.size} links`;
    };
    show();
    return { unmount: app.store.subscribe(show) };
  },
};
