/**
 * Entry point of the page that runs a herd in itself.
 *
 * @module
 */
/// <reference lib="dom" />
import { whyNoHerd } from "../report_page/browser_needs.ts";
import { byId, make } from "../report_page/dom.ts";
import { Api } from "./api.ts";
import { choice } from "./fields.ts";
import { HerdInPage } from "./herd_in_page.ts";
import { startPage } from "./start.ts";

/** The choices of speed, and their labels. */
const SPEEDS: readonly (readonly [number, string])[] = [
  [0, "stopped"],
  [0.1, "a tenth"],
  [1, "real time"],
  [5, "5 times as fast"],
  [20, "20 times as fast"],
];

function start(): void {
  const herd = new HerdInPage(`herd.js${location.search}`);
  const pace = choice({}, SPEEDS);
  pace.value = "1";
  pace.addEventListener("change", () => herd.pace(Number(pace.value)));
  byId("heal").before(make("label#pace", "Pace ", pace));
  startPage(new Api("in this page", herd.ask));
}

const why = whyNoHerd();
if (why === undefined) start();
else byId("connection").textContent = `No herd: ${why}.`;
