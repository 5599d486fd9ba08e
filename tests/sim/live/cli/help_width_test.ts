/**
 * What `--help` prints, of all tasks.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { unicodeWidth } from "@std/cli";
import config from "../../../../deno.json" with { type: "json" };
import { helpText } from "../../../../bench/options.ts";
import { SECTIONS } from "../../../../bench/sections.ts";
import { AGENT_HELP } from "../../../../sim/live/cli/agent_options.ts";
import { ctlHelp } from "../../../../sim/live/cli/ctl_main.ts";
import { EXPLORE_HELP } from "../../../../sim/live/cli/explore_options.ts";
import { GRADE_HELP } from "../../../../sim/live/cli/grade_options.ts";
import { HERD_HELP } from "../../../../sim/live/cli/herd_options.ts";
import { PLAYGROUND_HELP } from "../../../../sim/live/cli/playground_main.ts";
import { SCENARIO_HELP } from "../../../../sim/live/cli/scenario_options.ts";
import { SERVE_HELP } from "../../../../sim/live/cli/serve_options.ts";
import { TRACES_HELP } from "../../../../sim/live/cli/traces_main.ts";
import { MUTANTS_HELP } from "../../../mutants/main.ts";

const COLUMNS = 80;
/** They have no options, or no more than a line says. */
const WITHOUT = /^(pack|scale|coverage|layers|lint|test|ok|page:)/;

Deno.test("--help of each task fits a terminal of 80 columns", async () => {
  const texts: Record<string, string> = {
    agent: AGENT_HELP,
    bench: helpText(SECTIONS),
    explore: EXPLORE_HELP,
    grade: GRADE_HELP,
    herd: HERD_HELP + await ctlHelp(),
    mutants: MUTANTS_HELP,
    playground: PLAYGROUND_HELP,
    scenario: SCENARIO_HELP,
    serve: SERVE_HELP,
    traces: TRACES_HELP,
  };
  const tasks = Object.keys(config.tasks).filter((it) => !WITHOUT.test(it));
  assertEquals(Object.keys(texts), tasks.sort());
  for (const text of Object.values(texts)) {
    for (const line of text.split("\n")) {
      assert(unicodeWidth(line) <= COLUMNS, line);
    }
  }
});
