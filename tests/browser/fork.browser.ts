import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Page } from "playwright-core";
import { readScenario } from "../../sim/live/drill/files.ts";
import { planOf } from "../../sim/live/drill/plan.ts";
import { runScenario } from "../../sim/live/drill/runner.ts";
import { readPage } from "../../sim/live/report/report_page.ts";
import { Reporter } from "../../sim/live/report/reporter.ts";
import { reportHtml } from "../../sim/model/report/html.ts";
import { pageData } from "../../sim/model/report/page_data.ts";
import {
  type SampleOptions,
  sampleRun,
} from "../sim/report_page/sample_run.ts";
import { assertAccessible } from "./accessibility.ts";
import { browserTest, open, until } from "./chromium.ts";

const REAL: SampleOptions = {
  topology: "2014",
  durationMs: 1_000,
  ratePerSecond: 20,
};

/** The page of a report of a run in virtual time. */
async function virtualReport(): Promise<string> {
  const folder = await Deno.makeTempDir();
  try {
    const file = await readScenario("partition");
    const plan = planOf(file, { world: "virtual", seed: 7 });
    using reporter = await Reporter.open({
      plan,
      path: `${folder}/report`,
      isReplacing: false,
      startedAtMs: 0,
      topologyName: plan.scenario.topology,
    });
    const { scenario, topology, seed } = plan;
    await reporter.finish(await runScenario(scenario, topology, { seed }));
    return await Deno.readTextFile(`${folder}/report/report.html`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

let made: Promise<string> | undefined;

/** Opens it, and takes hold of its middle. */
async function opened(browser: Parameters<typeof open>[0], width?: number) {
  const html = await (made ??= virtualReport());
  const it = await open(browser, [html], width === undefined ? {} : { width });
  await it.page.fill("#fork-time", "800");
  return it;
}

/** Does it at the moment that is taken hold of; so many things are done then. */
async function runFrom(page: Page, command: string, acts = 1): Promise<string> {
  await page.fill("#fork-command", command);
  await page.press("#fork-command", "Enter");
  await until(
    page,
    `document.querySelectorAll("#fork-acts li").length === ${acts}`,
  );
  return await page.innerText("#fork-state");
}

browserTest(
  "a report in virtual time is taken hold of, and both futures are seen",
  async (browser) => {
    const { page, heard } = await opened(browser);
    const state = await runFrom(page, "kill Bolden");
    assertMatch(state, /same run: \d+ messages, each as it was/);
    assertMatch(await page.innerText("#was-verdict"), /^Passed/);
    assertMatch(await page.innerText("#is-verdict"), /^Failed/);
    assertMatch(
      await page.innerText("#fork-acts"),
      /kill Bolden\s+Bolden killed/,
    );
    const differing = await page.innerText("#differences");
    assertMatch(differing, /expect .* on all[^\n]*\s+holds\s+failed/);
    await assertAccessible(page, "both futures");
    assertEquals(heard, { messages: [], requests: [] });

    // A second thing is done as well, and at another moment; what is typed while
    // it runs stays, for a third.
    await page.fill("#fork-time", "900");
    await page.fill("#fork-command", "revive Bolden");
    await page.evaluate(`(() => {
      document.getElementById("fork-form").requestSubmit();
      for (const [id, value] of [["command", "kill Powell"], ["time", "950"]]) {
        const field = document.getElementById("fork-" + id);
        field.value = value;
        field.dispatchEvent(new InputEvent("input"));
      }
    })()`);
    await until(
      page,
      "document.querySelectorAll('#fork-acts li').length === 2",
    );
    assertEquals(await page.inputValue("#fork-command"), "kill Powell");
    assertMatch(await page.innerText("#fork-acts"), /0\.900\d* s revive/);
    assertMatch(
      await page.innerText("#fork-acts"),
      /kill Bolden[^]*revive Bolden/,
    );
    await page.click("#fork-undo");
    assert(await page.isHidden("#futures"));
  },
);

browserTest(
  "what is to be done there is checked as at the prompt, and completed",
  async (browser) => {
    const { page } = await opened(browser);
    await page.fill("#fork-command", "kill Powel");
    await page.press("#fork-command", "Enter");
    const problem = 'no server "Powel", did you mean Powell?';
    await until(
      page,
      `document.getElementById("fork-problem").innerText === '${problem}'`,
    );
    await until(
      page,
      "document.querySelectorAll('#fork-commands option').length === 1",
    );
    // What was typed is checked a moment later, and takes nothing back.
    await page.evaluate("new Promise((done) => setTimeout(done, 300))");
    assertEquals(await page.innerText("#fork-problem"), problem);
    await page.click("#fork-help summary");
    await until(
      page,
      "document.getElementById('fork-help-text').textContent.includes('partition')",
    );
  },
);

browserTest(
  "both futures are seen on a phone, one below the other",
  async (browser) => {
    const { page, heard } = await opened(browser, 390);
    await page.click("#fork-offers button >> text=kill Hamilton");
    await runFrom(page, "kill Hamilton");
    const [was, is] = await Promise.all(["#was-diagram", "#is-diagram"]
      .map((id) => page.locator(id).boundingBox()));
    assert(is!.y > was!.y + was!.height);
    assertEquals(
      await page.evaluate("document.documentElement.scrollWidth"),
      390,
    );
    // What is different is not told in columns of a few letters.
    const cells = await page.locator("#differences td:visible").all();
    assert(cells.length > 0);
    for (const cell of cells) {
      assert((await cell.boundingBox())!.width > 300);
    }
    await assertAccessible(page, "both futures on a phone");
    assertEquals(heard, { messages: [], requests: [] });
  },
);

browserTest(
  "a report of a run in real time says why it can't be taken hold of",
  async (browser) => {
    const { record, history } = sampleRun(REAL);
    const html = reportHtml(await readPage(), pageData(record, history));
    const { page } = await open(browser, html);
    assert(await page.isHidden("#fork"));
    assertMatch(await page.innerText("#fork-about"), /--world virtual/);
  },
);
