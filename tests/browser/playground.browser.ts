import { assert, assertEquals, assertMatch } from "@std/assert";
import { assertAccessible } from "./accessibility.ts";
import { browserTest, until } from "./chromium.ts";
import { goTo, openLive } from "./live_herd.ts";
import { Files } from "./playground_files.ts";

/** What each view shows once it has all that it needs. */
const SHOWN: Readonly<Record<string, string>> = {
  graph: "[data-laid-out]",
  map: ".map-side .rows li",
  console: "select[name=log-server] option",
  charts: "figure canvas",
  drills: "[aria-label='Dry run'] li",
};

browserTest(
  "a herd runs in the page, is told what to do, and time goes faster",
  async (browser) => {
    await using served = await Files.serve();
    const { page, heard } = await openLive(browser, served);
    await until(
      page,
      "/2014\\s+5 servers/.test(document.getElementById('herd').innerText)",
    );
    // Somebody walks about in it.
    await until(page, "!/No client has told/.test(document.body.innerText)");
    await assertAccessible(page, "graph");

    await goTo(page, "#/console");
    await page.fill("#prompt", "kill Powell");
    await page.press("#prompt", "Enter");
    await until(page, "/Powell killed/.test(document.body.innerText)");
    await page.selectOption("#pace select", "5");
    await page.fill("#prompt", "status");
    await page.press("#prompt", "Enter");
    await until(page, "/Powell .*stopped/.test(document.body.innerText)");
    assertEquals(heard, { messages: [], requests: [] });
  },
);

browserTest(
  "an older browser is told that it can't run a herd",
  async (browser) => {
    await using served = await Files.serve();
    await using page = await browser.newPage();
    await page.addInitScript("delete globalThis.AsyncDisposableStack");
    await page.goto(served.page);
    await until(
      page,
      "/can't run a herd.*Chrome/.test(document.body.innerText)",
    );
  },
);

browserTest(
  "a drill is checked at its line in the page, run, and taken hold of in its report",
  async (browser) => {
    await using served = await Files.serve();
    const { page, heard } = await openLive(browser, served, { at: "#/drills" });
    const isReady = "!document.querySelector('.drill-bar .primary').disabled";
    await until(
      page,
      "document.querySelector('textarea').value.includes('kill: Powell')",
    );
    const text = await page.inputValue("textarea");
    await page.fill("textarea", text.replace("kill: Powell", "kill: Powel"));
    await until(page, "/did you mean Powell/.test(document.body.innerText)");
    assert(await page.isDisabled(".drill-bar .primary"));
    await page.fill("textarea", text);
    await until(page, isReady);
    await page.click(".drill-bar .primary");
    await until(
      page,
      "document.querySelector('.run .verdict').textContent === 'Passed'",
    );
    await assertAccessible(page, "drills");
    await page.fill(".drill-bar label:has-text('Seeds') input", "20");
    await page.click(".drill-bar .primary");
    await until(page, "document.querySelector('.run progress').value === 20");
    await until(
      page,
      "document.querySelector('.run .verdict').textContent === 'Passed'",
    );

    const [report] = await Promise.all([
      page.context().waitForEvent("page"),
      page.click("text=Report"),
    ]);
    await report.waitForSelector("html[data-ready]", { state: "attached" });
    await report.fill("#fork-command", "kill Bolden");
    await report.click("#fork-go");
    await until(
      report,
      "document.querySelectorAll('#fork-acts li').length === 1",
    );
    assertMatch(await report.innerText("#fork-state"), /the same run.*was\.$/);
    assertEquals(heard, { messages: [], requests: [] });
  },
);

browserTest(
  "a herd runs in the page of a phone, and nothing is wider than that",
  async (browser) => {
    await using served = await Files.serve();
    const viewport = { width: 390, height: 844 };
    const look = { viewport, colorScheme: "dark" } as const;
    const { page, heard } = await openLive(browser, served, look);
    for (const [view, shown] of Object.entries(SHOWN)) {
      await goTo(page, `#/${view}`);
      await page.waitForSelector(shown, { state: "attached" });
      const widths = await page.evaluate<number[]>(
        `[document.documentElement, document.getElementById("view")]
          .map((it) => it.scrollWidth)`,
      );
      assertEquals(widths, [390, 390], view);
      await assertAccessible(page, `${view} on a phone`);
    }
    assertEquals(heard, { messages: [], requests: [] });
  },
);
