/**
 * The time line at the foot of the page, like a video player's.
 *
 * @module
 */
/// <reference lib="dom" />
import { button, make } from "../report_page/dom.ts";
import type { App } from "./app.ts";
import { choice } from "./fields.ts";
import { SPEEDS } from "./time.ts";
import { TimeTrack } from "./time_track.ts";

/** Renders the time line into `root`. */
export function timeBar(
  root: HTMLElement,
  app: App,
  ...others: readonly HTMLElement[]
): void {
  const { time } = app;
  const back = button("‹", () => time.step(-1), {
    id: "time-back",
    "aria-label": "One step back",
  });
  const play = button("", () => {
    if (time.mode === "paused") time.play();
    else time.pause();
  }, { id: "time-play" });
  const on = button("›", () => time.step(1), {
    id: "time-on",
    "aria-label": "One step on",
  });
  const live = button("Live", () => time.live(), {
    id: "time-live",
    "aria-label": "Live",
  });
  const speed = choice(
    { id: "time-speed", "aria-label": "Speed of a replay" },
    SPEEDS.map((value) => [value, `${value}×`]),
  );
  speed.value = "1";
  speed.addEventListener("change", () => time.setSpeed(Number(speed.value)));
  const track = make("input#time-track", {
    type: "range",
    min: 0,
    max: 1,
    step: 100,
    "aria-label": "Moment shown",
  });
  track.addEventListener("input", () => time.scrub(Number(track.value)));
  const shown = make("output#time-shown");
  const strip = new TimeTrack(app);
  const slider = make("div#time-slider", strip.element, track);
  root.append(back, play, on, slider, shown, speed, live, ...others);
  const show = () => {
    play.textContent = time.mode === "paused" ? "▶" : "❙❙";
    play.setAttribute("aria-label", time.mode === "paused" ? "Play" : "Pause");
    live.setAttribute("aria-pressed", String(time.mode === "live"));
    document.documentElement.dataset["time"] = time.mode;
  };
  time.subscribe(show);
  show();
  app.onFrame(() => {
    strip.frame();
    track.min = String(time.fromMs);
    track.max = String(time.toMs);
    if (document.activeElement !== track || time.mode !== "paused") {
      track.value = String(time.atMs);
    }
    const backMs = Math.max(0, time.toMs - time.atMs);
    const text = time.mode === "live"
      ? "now"
      : time.isFile
      ? `${app.store.shown.title} · ${(time.atMs / 1_000).toFixed(1)} s`
      : `−${(backMs / 1_000).toFixed(1)} s`;
    if (shown.textContent !== text) shown.textContent = text;
  });
}
