import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import type { Page } from "playwright-core";
import { readPage } from "../../sim/live/report/report_page.ts";
import type { HistoryEvent } from "../../sim/model/history.ts";
import { reportHtml } from "../../sim/model/report/html.ts";
import { summary } from "../../sim/model/report/text.ts";
import { countsOf } from "../../sim/model/report/counts.ts";
import { junitXml } from "../../sim/model/report/junit.ts";
import { pageData } from "../../sim/model/report/page_data.ts";
import {
  type RunRecord,
  runRecord,
} from "../../sim/model/report/run_record.ts";
import { read, sent } from "../sim/model/checks/histories.ts";
import { PAIR, sampleResult } from "../sim/model/report/sample_result.ts";
import { sampleRecord } from "../sim/model/report/sample_record.ts";
import {
  type SampleOptions,
  sampleRun,
} from "../sim/report_page/sample_run.ts";
import { browserTest, open, until } from "./chromium.ts";

const SOURCES = await readPage();

const SMALL: SampleOptions = {
  topology: "2014",
  durationMs: 60_000,
  ratePerSecond: 20,
  faultEveryMs: 7_000,
  hasFailed: true,
};

interface Sample {
  readonly record: RunRecord;
  readonly history: HistoryEvent[];
}

function html({ record, history }: Sample, messagesMax?: number): string[] {
  return reportHtml(SOURCES, pageData(record, history, messagesMax));
}

/** One update from Ash to Elm: sent after a quarter, there after three. */
function oneMessage(more: Partial<RunRecord> = {}): Sample {
  const line = "AT Ash +0.1 kiwi +1+1 5";
  const record = sampleRecord({ tookMs: 100, steps: [], ...more });
  const [from = "Ash", to = "Elm"] = record.topology.servers;
  return {
    record,
    history: [
      sent(25, from, to, line),
      read(75, 25, to, from, line),
    ],
  };
}

function text(page: Page, selector: string): Promise<string> {
  return page.innerText(selector);
}

/** Where an element is, on the page's window. */
async function boxOf(page: Page, selector: string) {
  await page.locator(selector).scrollIntoViewIfNeeded();
  const box = await page.locator(selector).boundingBox();
  assert(box !== null);
  return box;
}

browserTest(
  "report.html opens from disk, asks nobody, and says the verdict",
  async (browser) => {
    const { page, heard } = await open(browser, html(sampleRun(SMALL)));
    assertEquals(heard, { messages: [], requests: [] });
    assertEquals(await page.title(), "sample: failed");
    assertEquals(await text(page, "h1"), "Failed sample");
    const failure = await text(page, "#failures");
    assertStringIncludes(failure, "expect load-1 on all within 1s");
    assertStringIncludes(failure, "sample.yaml:7");
    assertStringIncludes(failure, "the fix of load-1 on all 5 servers");
    assertStringIncludes(failure, "it is missing on Alford");
    const verdict = await boxOf(page, "#outcome");
    assert(verdict.y < 200, `the verdict is at ${verdict.y}`);
    assertEquals(await page.locator("#charts svg").count() > 0, true);
    assertStringIncludes(await text(page, "#faults"), "Bolden-Parker");
    assertStringIncludes(await text(page, "#steps"), "lost == 0");
  },
);

browserTest(
  "report.html says of how many values a percentile is, where they are few",
  async (browser) => {
    const { page } = await open(browser, html(sampleRun(SMALL)));
    const latency = page.locator("#charts figure", { hasText: "Latency" });
    assertMatch(
      await latency.locator("svg[role=img]").getAttribute("aria-label") ?? "",
      /reply, 99th percentile: .+? \(of \d+ to \d+\)/,
    );
    await latency.locator("svg[role=img]").hover();
    const told = await page.locator("#charts figcaption").allInnerTexts();
    const percentile = told.find((it) => it.includes("99th percentile")) ?? "";
    assertMatch(percentile, /reply, 99th percentile [\d.]+ m?s \(of \d+\)/);
    assert(!/median [\d.]+ m?s \(of/.test(percentile), percentile);
    const rates = told.filter((it) => !it.includes("percentile"));
    assert(!rates.join("").includes("(of"), rates.join());
  },
);

browserTest(
  "report.html counts steps and checks as the console and junit.xml do",
  async (browser) => {
    const result = sampleResult();
    const record = runRecord(result, PAIR, "2026-03-01T12:00:00.250Z");
    const { page } = await open(browser, html({ record, history: [] }));
    const { steps, checks, always, failed } = countsOf(result);
    const facts = await page.locator("#verdict dl > div").allInnerTexts();
    const fact = (name: string) =>
      facts.find((it) => it.startsWith(name))?.slice(name.length).trim();
    assertEquals(fact("Steps"), String(steps));
    assertEquals(fact("Checks"), `${checks} and ${always} invariants`);
    assertEquals(fact("Failed"), String(failed));
    assertStringIncludes(
      summary(result),
      `${steps} steps, ${checks} checks and ${always} invariants, ${failed} failed`,
    );
    // What is told one by one is as much as was counted.
    assertEquals(await page.locator("#failures .failure").count(), failed);
    const rows = await page.locator("#steps tbody tr").count();
    assertEquals(rows, steps + checks + always);
    const cases = junitXml(record).match(/<testcase /g)?.length;
    assertEquals(cases, rows);
  },
);

browserTest(
  "report.html says that a run passed, or that nothing was checked",
  async (browser) => {
    const passed = oneMessage({ verdict: "passed" });
    const { page } = await open(browser, html(passed));
    assertEquals(await text(page, "h1"), "Passed drill");
    assertEquals(await page.isVisible("#failures"), false);
    const unknown = oneMessage({ verdict: "unknown" });
    const second = await open(browser, html(unknown));
    assertEquals(await text(second.page, "h1"), "Unknown drill");
    const told = await text(second.page, "#failures");
    assertStringIncludes(told, "Nothing was checked");
    const { steps } = sampleRecord();
    const vague = { ok: true, isUnknown: true, note: "nothing to compare" };
    const third = await open(
      browser,
      html(oneMessage({
        verdict: "unknown",
        steps: steps.map((step) => ({ ...step, ...vague })),
      })),
    );
    const why = await text(third.page, "#failures");
    assertStringIncludes(why, "nothing to compare");
    assert(!why.includes("Nothing was checked"), why);
  },
);

browserTest(
  "report.html shows as many messages as pass the filter",
  async (browser) => {
    const run = sampleRun({ ...SMALL, ratePerSecond: 10 });
    const { page } = await open(browser, html(run));
    const total = pageData(run.record, run.history).carried.messages[0];
    const shown = total.toLocaleString("en");
    assertStringIncludes(await text(page, "#shown"), `of ${shown} messages`);
    await page.click("#whole");
    await until(
      page,
      "document.getElementById('shown').textContent.includes('all')",
    );
    assertEquals(await text(page, "#shown"), `Shows all ${shown} messages.`);
    await page.fill("#client", "load-7");
    await until(
      page,
      "document.getElementById('shown').textContent.includes('load-7')",
    );
    const own = run.history.filter((event) =>
      (event.kind === "sent" ||
        event.kind === "delivery" && event.from === null) &&
      event.line.split(" ")[3] === "load-7"
    ).length;
    assert(own > 0);
    assertEquals(
      await text(page, "#shown"),
      `Shows ${own} of ${shown} messages of client “load-7”.`,
    );
    await page.fill("#client", "nobody");
    await until(
      page,
      "document.getElementById('shown').textContent.startsWith('Shows 0 ')",
    );
  },
);

browserTest(
  "report.html tells the message under the pointer",
  async (browser) => {
    const { page } = await open(browser, html(oneMessage()));
    const box = await boxOf(page, "#diagram");
    // Three lanes, the first of the clients; half-way from Ash to Elm.
    const lane = (box.height - 26) / 3;
    const y = box.y + lane * 2;
    await page.mouse.move(box.x + box.width - 5, y);
    assertEquals(await page.isVisible("#tip"), false);
    for (let x = box.x + box.width - 5; x > box.x; x -= 16) {
      await page.mouse.move(x, y);
      if (await page.isVisible("#tip")) break;
    }
    const tip = await text(page, "#tip");
    assertStringIncludes(tip, "Ash → Elm");
    assertMatch(tip, /sent at 0\.025\d* s, took 50\.0 ms/);
    assertStringIncludes(tip, "AT Ash +0.1 kiwi +1+1 5");
    await page.mouse.move(5, 5);
    assertEquals(await page.isVisible("#tip"), false);
  },
);

browserTest(
  "report.html follows the update of the message that is clicked",
  async (browser) => {
    const run = sampleRun({ ...SMALL, durationMs: 2_000, ratePerSecond: 2 });
    const { page } = await open(browser, html(run));
    assertStringIncludes(await text(page, "#tree"), "5 of 5 servers took it");
    const first = await page.inputValue("#update");
    const box = await boxOf(page, "#diagram");
    // Time goes to the right, so the last update is the first that is met.
    for (let x = box.x + box.width - 2; x > box.x; x -= 8) {
      await page.mouse.move(x, box.y + box.height / 2);
      if (await page.isVisible("#tip")) break;
    }
    await page.mouse.down();
    await page.mouse.up();
    await until(page, `document.getElementById("update").value !== "${first}"`);
    const count = pageData(run.record, run.history).updates.length;
    assertEquals(await page.inputValue("#update"), String(count));
    const lines = await text(page, "#tree .line");
    assertStringIncludes(await text(page, "#tip"), lines);
  },
);

browserTest(
  "report.html can be used from the keyboard alone",
  async (browser) => {
    const { page } = await open(browser, html(sampleRun(SMALL)));
    const names = new Set<string>();
    for (let i = 0; i < 60; i++) {
      await page.keyboard.press("Tab");
      names.add(
        await page.evaluate(
          "document.activeElement?.id || document.activeElement?.value || ''",
        ) as string,
      );
    }
    for (const id of ["client", "whole", "overview", "diagram", "slowest"]) {
      assert(names.has(id), `${id} gets the focus: ${[...names].join(", ")}`);
    }
    const windowNow = () => page.getAttribute("#overview", "aria-valuetext");
    const moved = async (act: () => Promise<void>) => {
      const before = await windowNow();
      await act();
      await until(
        page,
        `document.getElementById("overview").ariaValueText !== "${before}"`,
      );
    };
    await page.focus("#overview");
    await moved(() => page.keyboard.press("ArrowRight"));
    await moved(() => page.keyboard.press("+"));
    await page.focus("#diagram");
    await moved(() => page.keyboard.press("0"));
    assertEquals(await windowNow(), "0.000 s to 60.000 s");
    await page.keyboard.press("n");
    const first = await text(page, "#tip");
    await page.keyboard.press("n");
    const second = await text(page, "#tip");
    assert(first !== second && second !== "");
    assertMatch((await page.textContent("#spoken"))!, /→.*sent at/);
    await page.keyboard.press("p");
    assertEquals(await text(page, "#tip"), first);
    await page.click("#slowest");
    await page.focus("#diagram");
    await page.keyboard.press("n");
    await page.keyboard.press("Enter");
    assertEquals(await page.inputValue("#update"), "1");
  },
);

browserTest("report.html gives every control a name", async (browser) => {
  const { page } = await open(browser, html(sampleRun(SMALL)));
  const nameless = await page.evaluate(`
    [...document.querySelectorAll("input, button, canvas, svg")]
      .filter((it) => !it.closest("[aria-hidden]"))
      .filter((it) => !(it.ariaLabel || it.labels?.length ||
        it.textContent.trim()))
      .map((it) => it.outerHTML)`);
  assertEquals(nameless, []);
});

browserTest(
  "report.html is light or dark as the system is, or as is chosen",
  async (browser) => {
    const lightness = async (page: Page) => {
      const colour = await page.evaluate(
        "getComputedStyle(document.body).backgroundColor",
      ) as string;
      return Number(/\d+/.exec(colour)![0]);
    };
    const run = html(sampleRun({ ...SMALL, durationMs: 5_000 }));
    const light = (await open(browser, run)).page;
    assertEquals(await lightness(light), 255);
    const options = { colorScheme: "dark" } as const;
    const dark = (await open(browser, run, options)).page;
    assert(await lightness(dark) < 60);
    const drawn = (page: Page) =>
      page.evaluate("document.getElementById('diagram').toDataURL()");
    const before = await drawn(dark);
    await dark.check("[name=theme][value=light]");
    assertEquals(await lightness(dark), 255);
    await dark.evaluate("new Promise(requestAnimationFrame)");
    assert(before !== await drawn(dark), "the diagram is drawn anew");
    await light.check("[name=theme][value=dark]");
    assert(await lightness(light) < 60);
  },
);

browserTest(
  "report.html prints light, without what can't be pressed on paper",
  async (browser) => {
    const run = html(sampleRun(SMALL));
    const { page } = await open(browser, run, { colorScheme: "dark" });
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    const ink = await page.evaluate(
      "getComputedStyle(document.body).backgroundColor",
    );
    assertEquals(ink, "rgb(255, 255, 255)");
    for (const selector of ["#theme", ".tools", "#diagram-help"]) {
      assertEquals(await page.locator(selector).first().isVisible(), false);
    }
    assertEquals(await page.isVisible("#diagram"), true);
    const pdf = await page.pdf({ preferCSSPageSize: true });
    const pages = new TextDecoder("latin1").decode(pdf)
      .match(/\/Type\s*\/Page\b/g);
    assert(pages !== null && pages.length >= 2 && pages.length <= 6);
  },
);

browserTest(
  "report.html draws each fate of a message in its own way, and the legend names every kind",
  async (browser) => {
    const { history: [written, arrived] } = oneMessage();
    const shown = async (history: HistoryEvent[]) => {
      const { page } = await open(browser, html({ ...oneMessage(), history }));
      const drawn = await page.evaluate(
        "document.getElementById('diagram').toDataURL()",
      );
      return { page, drawn };
    };
    const down: HistoryEvent = {
      atMs: 60,
      kind: "state",
      server: "Elm",
      state: "stopped",
    };
    const fates = await Promise.all([
      shown([written!, arrived!]),
      shown([written!]),
      shown([written!, down]),
    ]);
    assertEquals(new Set(fates.map(({ drawn }) => drawn)).size, 3);
    const legend = await text(fates[0]!.page, "#legend");
    for (
      const kind of [
        "newer than what was held",
        "held already",
        "never arrived",
        "not known whether it arrived",
        "the update that is followed",
        "server not up",
        "fault",
        "step that failed",
        "request that failed",
      ]
    ) assertStringIncludes(legend, kind);
  },
);

browserTest(
  "report.html follows the client whose expectation failed",
  async (browser) => {
    const line = (client: string, time: number) =>
      `AT Ash +0.1 ${client} +1+1 ${time}`;
    const history = [
      ["emu", 10, 1],
      ["kiwi", 20, 2],
      ["kiwi", 30, 3],
      ["emu", 40, 4],
      ["kiwi", 5_000, 5],
    ].map(([client, atMs, time]): HistoryEvent => ({
      atMs: Number(atMs),
      kind: "delivery",
      server: "Ash",
      from: null,
      line: line(String(client), Number(time)),
      isNew: true,
    }));
    const record = sampleRecord({ tookMs: 6_000 });
    const steps = record.steps.map((step) =>
      step.ok ? step : { ...step, client: "kiwi" }
    );
    const run = html({ record: { ...record, steps }, history });
    const { page } = await open(browser, run);
    assertEquals(await page.inputValue("#update"), "3");
    assertStringIncludes(await text(page, "#tree .line"), line("kiwi", 3));
  },
);

browserTest(
  "report.html can be read on a window 400 pixels wide",
  async (browser) => {
    const { page } = await open(browser, html(sampleRun(SMALL)));
    await page.setViewportSize({ width: 400, height: 800 });
    const wide = await page.locator("#steps td.wide").all();
    assert(wide.length > 0);
    for (const cell of wide) {
      const { x, width } = (await cell.boundingBox())!;
      assert(x >= 0 && x + width <= 400, `from ${x}, ${width} wide`);
      assert(width > 250, `${width} wide`);
    }
    const scrolled = "document.documentElement.scrollWidth";
    assertEquals(await page.evaluate(scrolled), 400);
    const tables = await page.locator("table:visible").all();
    assert(tables.length > 1);
    for (const table of tables) {
      const { x, width } = (await table.boundingBox())!;
      const head = await table.locator("thead").textContent();
      assert(x + width <= 400, `${head}: from ${x}, ${width} wide`);
    }
    const heads = await page.locator("#tree th:visible").allTextContents();
    assertEquals(heads, ["Server", "Hops", "After", "Link", "Dup."]);
  },
);

browserTest(
  "report.html moves nothing while it draws, however late its script comes",
  async (browser) => {
    const context = await browser.newContext();
    await context.addInitScript(`
    globalThis.shift = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) globalThis.shift += entry.value;
    }).observe({ type: "layout-shift", buffered: true });`);
    const text = html(sampleRun(SMALL)).join("");
    const scriptAt = text.lastIndexOf("<script>");
    assert(scriptAt > 0);
    const page = await context.newPage();
    const opened = Promise.withResolvers<void>();
    async function* parts() {
      yield text.slice(0, scriptAt);
      await opened.promise;
      yield text.slice(scriptAt);
    }
    await using server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen() {} },
      () =>
        new Response(
          ReadableStream.from(parts()).pipeThrough(new TextEncoderStream()),
          { headers: { "content-type": "text/html; charset=utf-8" } },
        ),
    );
    const address = `http://127.0.0.1:${server.addr.port}/`;
    await page.goto(address, { waitUntil: "commit" });
    await page.waitForSelector("main", { state: "attached" });
    for (let frames = 0; frames < 5; frames++) {
      await page.evaluate("new Promise(requestAnimationFrame)");
    }
    opened.resolve();
    await page.waitForSelector("html[data-ready]", { state: "attached" });
    await page.evaluate("new Promise(requestAnimationFrame)");
    const shift = await page.evaluate("globalThis.shift") as number;
    assert(shift < 0.01, `layout shift ${shift}`);
  },
);

browserTest(
  "report.html of 25 servers says how many of how many it shows",
  async (browser) => {
    const run = sampleRun({
      topology: "grid:25",
      durationMs: 60_000,
      ratePerSecond: 50,
      faultEveryMs: 3_000,
    });
    const all = pageData(run.record, run.history).carried;
    const { page, heard } = await open(browser, html(run));
    assertEquals(heard, { messages: [], requests: [] });
    const total = all.messages[0].toLocaleString("en");
    assertMatch(
      await text(page, "#shown"),
      /^Shows [\d,]+ of [\d,]+ messages\.$/,
    );
    await page.click("#whole");
    await until(
      page,
      "document.getElementById('shown').textContent.includes('1 in')",
    );
    const shown = await text(page, "#shown");
    assertMatch(
      shown,
      /^Shows [\d,]+ messages, those of about 1 in \d+ updates/,
    );
    assertStringIncludes(shown, `all ${total} messages`);
    const part = await open(browser, html(run, 20_000));
    const told = await text(part.page, "#shown");
    assertStringIncludes(
      told,
      `of ${total} messages; all are in history.jsonl`,
    );
  },
);

browserTest(
  "report.html shows text as text, whatever characters it has",
  async (browser) => {
    const nasty =
      "</script><script>alert(1)</script><img src=x onerror=alert(2)>" +
      "<!--\u2028\u2029\u0000\u001b[31m\ud800🥝 {{x}} $& ${y}";
    const [step, failed] = sampleRecord().steps;
    const run = oneMessage({
      name: nasty,
      description: nasty,
      file: nasty,
      steps: [{ ...step!, text: nasty, note: nasty }, {
        ...failed!,
        expected: nasty,
        actual: nasty,
      }],
      checks: [{ name: nasty, outcome: "fail", actual: nasty }],
      incidents: [nasty],
      residual: [nasty],
    });
    const history = run.history.map((event) =>
      "line" in event
        ? { ...event, line: `AT Ash +0.1 ${nasty} +1+1 5` }
        : event
    );
    const fault: HistoryEvent = {
      atMs: 10,
      kind: "fault-begin",
      id: nasty,
      fault: nasty,
      targets: [nasty],
    };
    const all = { ...run, history: [fault, ...history] };
    const { page, heard } = await open(browser, html(all));
    assertEquals(heard, { messages: [], requests: [] });
    assertEquals(await page.locator("img").count(), 0);
    const scripts = await page.locator("script").count();
    assertEquals(scripts, 5);
    const about = await page.textContent(".about");
    assertEquals(about, nasty);
    assertStringIncludes((await page.textContent("#tree"))!, "<img src=x");
  },
);

browserTest(
  "junit.xml is well-formed to a browser, whatever names have",
  async (browser) => {
    const page = await browser.newPage();
    // All control characters, and short enough for a name.
    const codes = Array.from({ length: 0xa1 }, (_, code) => code);
    const nasty = String.fromCharCode(...codes, 0xd800, 0xfffe, 0xffff) +
      "]]> &#0; <!-- 🥝";
    const [step, failed] = sampleRecord().steps;
    const xml = junitXml(sampleRecord({
      name: nasty,
      steps: [{ ...step!, text: nasty }, {
        ...failed!,
        expected: nasty,
        actual: nasty,
      }],
      checks: [{ name: nasty, outcome: "fail", actual: nasty }],
    }));
    const [errors, cases, told] = await page.evaluate(`(() => {
    const xml = ${JSON.stringify(xml)};
    const parsed = new DOMParser().parseFromString(xml, "application/xml");
    return [
      parsed.querySelectorAll("parsererror").length,
      parsed.querySelectorAll("testcase").length,
      parsed.querySelector("testcase").getAttribute("name"),
    ];
  })()`) as [number, number, string];
    assertEquals([errors, cases], [0, 3]);
    assertStringIncludes(told, "\\u0000\\u0001");
    assertStringIncludes(told, "\t\n");
    assertStringIncludes(told, "\\ud800\\ufffe\\uffff]]> &#0; <!-- 🥝");
  },
);
