/**
 * Starts the live page, wherever its herd runs.
 *
 * @module
 */
/// <reference lib="dom" />
import { byId, onClick } from "../report_page/dom.ts";
import { themes } from "../report_page/themes.ts";
import type { Api } from "./api.ts";
import { RunOpener } from "./open_run.ts";
import { Shell } from "./shell.ts";
import { timeBar } from "./time_bar.ts";
import { VIEWS } from "./views.ts";

export function startPage(api: Api): void {
  themes();
  const shell = new Shell(api, VIEWS);
  const runs = new RunOpener(shell);
  shell.onRetell(() => runs.rebuild());
  timeBar(byId("time"), shell, runs.element);
  onClick("heal", () =>
    void shell.attempt(async () => {
      await shell.api.del("/api/faults");
      shell.notice("All faults are healed.");
    }));
  shell.start();
}
