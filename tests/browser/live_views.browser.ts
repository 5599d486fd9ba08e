import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import type { Page } from "playwright-core";
import { assertAccessible } from "./accessibility.ts";
import { browserTest, DEADLINE_MS, until } from "./chromium.ts";
import { goTo, LiveHerd, openLive } from "./live_herd.ts";

const VIEWS = ["graph", "map", "console", "charts", "drills"] as const;

const SEND = "form[aria-label='Send a fix']";

const DRILL = `name: short
topology: line:2
steps:
  - iamat: { client: kiwi, position: +34-118, to: s0 }
  - expect: { client: kiwi, on: all, within: 5s }
`;

/** Waits until an element says this. */
async function untilSays(
  page: Page,
  selector: string,
  text: string,
): Promise<void> {
  await page.locator(selector, { hasText: text }).first()
    .waitFor({ state: "visible", timeout: DEADLINE_MS });
}

async function waitForServers(page: Page, select: string): Promise<void> {
  const quoted = JSON.stringify(`${select} option`);
  await until(page, `document.querySelectorAll(${quoted}).length === 5`);
}

browserTest(
  "the map sends an IAMAT by a click, and WHATSAT draws what is around",
  async (browser) => {
    await using herd = await LiveHerd.start();
    const { page, heard } = await openLive(browser, herd, { at: "#/map" });
    await waitForServers(page, `${SEND} select`);
    await page.fill("input[name=client]", "moa");
    const canvas = page.locator(".map-stage canvas");
    const { width, height } = (await canvas.boundingBox())!;
    // The world's middle is 0° north, 0° east; a quarter of it is 90°.
    await canvas.click({ position: { x: width / 4, y: height / 2 } });
    const marked = await page.inputValue("input[name=position]");
    assertMatch(marked, /^[+-]0\.\d{6}-90\.\d{6}$|^[+-]0\.\d{6}-89\.\d{6}$/);
    await page.selectOption(`${SEND} select`, "Bolden");
    await page.click("text=Send IAMAT");
    await untilSays(page, `${SEND} output`, "AT Bolden");
    await untilSays(page, ".rows", "moa");
    await untilSays(page, ".facts", "every server that is up");
    assertStringIncludes(await page.evaluate("location.hash"), "client=moa");
    const records = await herd.ask<{ records: { line: string }[] }>(
      "GET",
      "/api/servers/Hamilton/records",
    );
    assertStringIncludes(records.records[0]!.line, `moa ${marked}`);

    const los = "+34.068930-118.445127";
    await page.fill("input[name=position]", los);
    await page.click("text=Send IAMAT");
    await untilSays(page, ".facts", los);
    // Another server than Bolden is asked.
    await untilSays(page, ".facts", "every server that is up");
    await page.fill("input[name=items]", "3");
    await page.click("text=WHATSAT");
    await untilSays(page, ".places", "km");
    assertEquals(await page.locator(".places li").count(), 3);
    assertEquals(heard, { messages: [], requests: [] });
  },
);

browserTest(
  "the map says who lacks a client's newest fix, until it is healed",
  async (browser) => {
    await using herd = await LiveHerd.start();
    const kiwi = { client: "kiwi", latitude: 34, longitude: -118 };
    await herd.ask("POST", "/api/iamat", { to: "Alford", ...kiwi });
    const at = "#/map?client=kiwi";
    const { page, heard } = await openLive(browser, herd, { at });
    await untilSays(page, ".facts", "every server that is up");
    await herd.ask("POST", "/api/faults", {
      kind: "cut",
      targets: ["Hamilton-Parker"],
    });
    await herd.ask("POST", "/api/iamat", {
      to: "Alford",
      ...kiwi,
      latitude: 35,
    });
    await untilSays(page, ".facts", "all but Hamilton");
    await page.click("text=Hamilton lacks 1");
    await until(page, "location.hash.includes('lacking=Hamilton')");
    await page.click("#heal");
    await untilSays(page, ".facts", "every server that is up");
    assertEquals(heard, { messages: [], requests: [] });
  },
);

browserTest(
  "the console completes, runs and remembers lines, from the keyboard alone",
  async (browser) => {
    await using herd = await LiveHerd.start();
    const { page, heard } = await openLive(browser, herd, {
      at: "#/console?line=kill%20Po",
    });
    // What a link brings is typed, and not run.
    assertEquals(await page.inputValue("#prompt"), "kill Po");
    assertEquals(await page.locator(".entry").count(), 0);
    await page.focus("#prompt");
    await page.keyboard.press("End");
    await page.keyboard.press("Tab");
    await until(
      page,
      "document.getElementById('prompt').value === 'kill Powell '",
    );
    await page.keyboard.press("Enter");
    await untilSays(page, ".entry[data-state=done] pre", "Powell killed");
    await page.keyboard.type("kill P");
    await page.keyboard.press("Tab");
    await untilSays(page, ".choices", "Parker   Powell");
    await page.keyboard.press("Escape");
    await page.keyboard.press("ArrowUp");
    assertEquals(await page.inputValue("#prompt"), "kill Powell ");
    await page.keyboard.press("Escape");
    await page.keyboard.type("revive Powel");
    await page.keyboard.press("Enter");
    await untilSays(
      page,
      ".entry[data-state=failed] pre",
      "did you mean Powell?",
    );
    // With nothing typed, Tab leaves the prompt: nobody is caught in it.
    await page.keyboard.press("Tab");
    assert(await page.evaluate("document.activeElement.id !== 'prompt'"));

    await page.selectOption("select[name=raw-server]", "Alford");
    await page.fill("input[name=raw-line]", "WHATSAT nobody 10 5");
    await page.keyboard.press("Enter");
    await untilSays(page, ".entry pre", "? WHATSAT nobody 10 5");
    await page.fill("#prompt", "log -f Alfrod");
    await page.focus("#prompt");
    await page.keyboard.press("Enter");
    await untilSays(
      page,
      ".entry[data-state=failed] pre",
      "did you mean Alford?",
    );
    await page.fill("#prompt", "log -f Alford WHATSAT");
    await page.focus("#prompt");
    await page.keyboard.press("Enter");
    await untilSays(page, ".log", "WHATSAT nobody");
    // An error that the herd tells is logged by the browser as well.
    const others = heard.messages.filter((it) => !it.includes("status of 4"));
    assertEquals([others, heard.requests], [[], []]);
    await page.reload();
    await page.waitForSelector("html[data-ready=console]", {
      state: "attached",
    });
    await page.focus("#prompt");
    await page.keyboard.press("ArrowUp");
    assertEquals(await page.inputValue("#prompt"), "log -f Alford WHATSAT");
  },
);

browserTest(
  "the charts show what happened, and the band of a fault",
  async (browser) => {
    await using herd = await LiveHerd.start();
    const { page, heard } = await openLive(browser, herd, { at: "#/charts" });
    await untilSays(page, "[data-chart=messages] figcaption", "2E−(N−1) = 6");
    await untilSays(page, "[data-chart=messages] figcaption", "N−1 = 4");
    await herd.ask("POST", "/api/servers/Powell/kill");
    // A band is seen as its colour on the canvas.
    const isBanded = `(() => {
      const plot = document.querySelector("[data-chart=updates] canvas");
      const probe = document.createElement("i");
      probe.style.color = "var(--band)";
      document.body.append(probe);
      const [r, g, b] = getComputedStyle(probe).color.match(/\\d+/g).map(Number);
      probe.remove();
      const copy = new OffscreenCanvas(plot.width, plot.height)
        .getContext("2d", { willReadFrequently: true });
      copy.drawImage(plot, 0, 0);
      const { data } = copy.getImageData(0, 0, plot.width, plot.height);
      for (let at = 0; at < data.length; at += 4) {
        if (data[at] === r && data[at + 1] === g && data[at + 2] === b &&
          data[at + 3] === 255) return true;
      }
      return false;
    })()`;
    await until(page, isBanded);
    for (let i = 0; i < 40; i++) {
      await herd.ask("POST", "/api/iamat", {
        to: "Alford",
        client: `phone-${i}`,
        latitude: i,
        longitude: i,
      });
    }
    const label = "[data-chart=updates] [role=img]";
    const quoted = JSON.stringify(label);
    await until(
      page,
      `/to [1-9][\\d.]*\\/s/.test(document.querySelector(${quoted}).ariaLabel)`,
    );
    const said = await page.getAttribute(label, "aria-label");
    assertMatch(said!, /^Updates\. updates: [\d.]+\/s to [\d.]+\/s, now /);
    await page.focus(".charts-grid");
    await page.keyboard.press("ArrowLeft");
    await until(
      page,
      "/^\\d\\d:\\d\\d:\\d\\d\\. Updates: /" +
        ".test(document.querySelector('.charts-view > .unseen').textContent)",
    );
    assertEquals(heard, { messages: [], requests: [] });
  },
);

browserTest(
  "a drill is checked at its line, run step by step, and has its report",
  async (browser) => {
    await using herd = await LiveHerd.start({
      files: { "short.yaml": DRILL },
    });
    const { page, heard } = await openLive(browser, herd, { at: "#/drills" });
    await untilSays(page, ".drill-list", "partition");
    await page.click(".drill-list >> text=short.yaml");
    await until(page, "location.hash.includes('name=short.yaml')");
    await until(
      page,
      "document.querySelector('textarea').value.startsWith('name: short')",
    );
    await untilSays(page, "[aria-label='Dry run'] li", "expect kiwi");
    const area = page.locator("textarea");
    await area.fill(DRILL.replace("- expect", "- expct"));
    await untilSays(page, ".problems .error", "5:5");
    await untilSays(page, ".problems .error", "did you mean expect?");
    assertEquals(await page.locator("[data-mark=error]").count(), 1);
    assertStringIncludes(await page.innerText("[data-mark=error]"), "5");
    assert(await page.isDisabled(".drill-bar .primary"));
    await page.click(".problems button");
    const caret = "document.querySelector('textarea').selectionStart";
    const at = DRILL.indexOf("expect");
    assertEquals(await page.evaluate(caret), at);
    await page.click("text=Undo changes");
    await until(
      page,
      "!document.querySelector('.drill-bar .primary').disabled",
    );
    await page.click(".drill-bar .primary");
    await untilSays(page, ".run .verdict", "Passed");
    assertEquals(
      await page.locator(".run .steps [data-state=passed]").count(),
      2,
    );
    assertEquals(await page.locator(".numbers [data-mark=passed]").count(), 2);
    await untilSays(page, "[aria-label=Runs] li", "Passed");
    const report = await page.getAttribute("text=Report", "href");
    const before = heard.messages.length;
    await page.goto(new URL(report!, herd.page).href);
    await page.waitForSelector("html[data-ready]", { state: "attached" });
    assertStringIncludes(await page.innerText("h1"), "Passed short");
    assertEquals([before, heard.messages, heard.requests], [0, [], []]);
  },
);

browserTest(
  "a drill that runs can be interrupted",
  async (browser) => {
    const files = { "long.yaml": "steps:\n  - wait: 10m\n" };
    await using herd = await LiveHerd.start({ files });
    const at = "#/drills?name=long.yaml";
    const { page } = await openLive(browser, herd, { at });
    await until(
      page,
      "!document.querySelector('.drill-bar .primary').disabled",
    );
    await untilSays(page, "[aria-label='Dry run'] li", "wait");
    await page.click(".drill-bar .primary");
    await untilSays(page, ".run .verdict", "Running");
    await page.click("text=Interrupt");
    await untilSays(page, ".run .verdict", "Interrupted");
  },
);

browserTest(
  "each view is free of what axe-core calls serious, light and dark",
  async (browser) => {
    await using herd = await LiveHerd.start();
    const kiwi = { client: "kiwi", latitude: 34, longitude: -118 };
    await herd.ask("POST", "/api/iamat", { to: "Alford", ...kiwi });
    for (const colorScheme of ["light", "dark"] as const) {
      const { page, heard } = await openLive(browser, herd, { colorScheme });
      for (const view of VIEWS) {
        await goTo(page, `#/${view}`);
        await page.locator(`#view[data-view=${view}] :is(h1, h2)`).first()
          .waitFor({ state: "attached" });
        if (view === "charts") await untilSays(page, "figure h2", "Updates");
        if (view === "drills") await untilSays(page, ".rows", "partition");
        await assertAccessible(page, `${view}, ${colorScheme}`);
      }
      assertEquals(heard, { messages: [], requests: [] });
      await page.close();
    }
  },
);

browserTest(
  "each view fits a window of 400 pixels, and is reached by keyboard",
  async (browser) => {
    await using herd = await LiveHerd.start();
    const viewport = { width: 400, height: 800 };
    const { page, heard } = await openLive(browser, herd, { viewport });
    for (const view of VIEWS) {
      await page.focus(`#tabs [data-view=${view}]`);
      await page.keyboard.press("Enter");
      await page.waitForSelector(`html[data-ready=${view}]`, {
        state: "attached",
      });
      if (view === "charts") await untilSays(page, "figure h2", "Updates");
      const wide = await page.evaluate(`[...document.querySelectorAll("#view")]
        .concat(document.documentElement)
        .map((it) => it.scrollWidth - it.clientWidth)`);
      assertEquals(wide, [0, 0], `${view} is wider than its window`);
    }
    assertEquals(heard, { messages: [], requests: [] });
  },
);

browserTest(
  "the map and the charts can be used from the keyboard alone",
  async (browser) => {
    await using herd = await LiveHerd.start();
    for (const [client, longitude] of [["moa", -60], ["kiwi", 60]]) {
      const body = { to: "Alford", client, latitude: 0, longitude };
      await herd.ask("POST", "/api/iamat", body);
    }
    const { page, heard } = await openLive(browser, herd, { at: "#/map" });
    for (const client of ["moa", "kiwi"]) {
      await untilSays(page, ".rows", client);
    }
    await page.focus(".map-stage canvas");
    await page.keyboard.press("n");
    await until(page, "location.hash.includes('client=moa')");
    await page.keyboard.press("n");
    await until(page, "location.hash.includes('client=kiwi')");
    await page.keyboard.press("Escape");
    await until(page, "!location.hash.includes('client=')");
    // Two keys in one go, as from a hand that is quicker than the browser.
    await page.evaluate(`for (const key of ["n", "n"]) {
      document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key }));
    }`);
    await until(page, "location.hash.includes('client=kiwi')");
    await page.keyboard.press("Escape");
    await page.keyboard.press("+");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    assertMatch(
      await page.inputValue("input[name=position]"),
      /^[+-]0\.0+\+[1-9]/,
    );
    await page.keyboard.press("0");
    await page.keyboard.press("Enter");
    assertMatch(await page.inputValue("input[name=position]"), /[+-]0\.0+$/);
    assertEquals(heard, { messages: [], requests: [] });
  },
);

/** How large a text is when a server sends it packed. */
async function packedBytes(bytes: Uint8Array<ArrayBuffer>): Promise<number> {
  const packed = new Blob([bytes]).stream()
    .pipeThrough(new CompressionStream("gzip"));
  return (await new Response(packed).bytes()).length;
}

browserTest(
  "all views together are less than 200 kB, the coasts aside",
  async (browser) => {
    await using herd = await LiveHerd.start();
    const { page } = await openLive(browser, herd);
    for (const view of VIEWS) await goTo(page, `#/${view}`);
    for (
      const name of ["d3-force.js", "topojson.js", "uplot.js", "uplot.css"]
    ) {
      await until(
        page,
        `performance.getEntriesByType("resource")
          .some((it) => it.name.endsWith("lib/${name}"))`,
      );
    }
    const { origin } = new URL(herd.page);
    const names = await page.evaluate(
      "performance.getEntriesByType('resource').map(({ name }) => name)",
    ) as string[];
    const files = new Set([`${origin}/`, ...names])
      .difference(new Set([`${origin}/lib/land.json`]));
    let sum = 0;
    let count = 0;
    for (const url of files) {
      if (url.startsWith("data:") || url.includes("/api/")) continue;
      sum += await packedBytes(await (await fetch(url)).bytes());
      count++;
    }
    assert(count > 5, `${count} files`);
    assert(sum < 200_000, `${sum} bytes in ${count} files`);
  },
);
