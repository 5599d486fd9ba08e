/**
 * Entry point of the report's page: reads the run, and connects the parts.
 *
 * @module
 */
/// <reference lib="dom" />
import { legendOf } from "./diagram_text.ts";
import { byId } from "./dom.ts";
import { Places } from "./places.ts";
import { readData, Run } from "./run.ts";
import { summarize } from "./summary.ts";
import { themes } from "./themes.ts";
import { View } from "./view.ts";

/** Moves the diagram's window, once there is a diagram. */
let showTime: (ms: number) => void = () => {};

function start(): void {
  const data = readData();
  themes();
  summarize(data, (ms) => {
    showTime(ms);
    byId("diagram").scrollIntoView({ block: "nearest" });
    byId("diagram").focus({ preventScroll: true });
  });
  // Reserves the space of what is drawn later, so that nothing moves then.
  const { servers } = data.record.topology;
  const height = Places.heightOf({ data, servers });
  byId("diagram").style.height = `${height}px`;
  byId("legend").append(...legendOf());
  requestAnimationFrame(() =>
    setTimeout(() => {
      const view = new View(new Run(data));
      showTime = (ms) => view.showTime(ms);
      document.documentElement.dataset["ready"] = "";
    })
  );
}

try {
  start();
} finally {
  document.documentElement.dataset["filled"] = "";
}
