import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Page } from "playwright-core";
import { browserTest, until } from "./chromium.ts";
import { drop, openGraph, placeOf, row, untilRow } from "./graph_page.ts";
import { LiveHerd } from "./live_herd.ts";
import { SyntheticHerd } from "./synthetic_herd.ts";

/** Clicks a server on the canvas, and waits for its panel. */
async function choose(page: Page, name: string): Promise<void> {
  const { x, y } = await placeOf(page, name);
  await page.mouse.click(x, y);
  await page.locator("#server-panel h2", { hasText: name }).waitFor();
}

function act(page: Page, name: string): Promise<void> {
  return page.locator(`#server-panel [data-act=${name}]`).click();
}

browserTest(
  "the graph shows a server that was killed by a click, and the links it lost",
  async (browser) => {
    await using herd = await LiveHerd.start();
    const { page, heard } = await openGraph(browser, herd);
    // The token is out of the address, and the tab may still act.
    assert(!page.url().includes("token"), page.url());
    await choose(page, "Powell");
    assertMatch(page.url(), /#\/graph\?server=Powell$/);
    await act(page, "kill");
    await untilRow(page, "Powell", /down/);
    await untilRow(page, "Alford-Powell", /down/);
    await untilRow(page, "Bolden-Powell", /down/);
    await untilRow(page, "Alford-Parker", /up/);
    await act(page, "revive");
    await untilRow(page, "Powell", /up/);
    await untilRow(page, "Alford-Powell", /up/);
    await act(page, "pause");
    await untilRow(page, "Powell", /paused/);
    await act(page, "resume");
    await untilRow(page, "Powell", /up/);
    assertEquals(heard, { messages: [], requests: [] });
  },
);

browserTest(
  "the graph shows who lacks a fix behind a cut, and that all have it once healed",
  async (browser) => {
    await using herd = await LiveHerd.start();
    const { page, heard } = await openGraph(browser, herd, {
      at: "#/graph?follow=kiwi&link=Parker-Hamilton",
    });
    await page.locator("#link-panel select[name=kind]").selectOption("cut");
    await page.locator("#link-panel button[type=submit]").click();
    await untilRow(page, "Parker-Hamilton", /cut both ways/);
    const at = { latitude: 34.07, longitude: -118.44 };
    await herd.ask("POST", "/api/iamat", {
      to: "Alford",
      client: "kiwi",
      ...at,
    });
    await untilRow(page, "Hamilton", /lacks the fix/);
    for (const name of ["Bolden", "Powell"]) {
      await untilRow(page, name, new RegExp(`^${name}[^a-z]*up[^,]*$`));
    }
    await page.locator("#heal").click();
    await untilRow(page, "Parker-Hamilton", /up/);
    await untilRow(page, "Hamilton", /up[^,]*$/);
    await until(
      page,
      `document.querySelector("#notices").textContent.includes("healed")`,
    );
    assertEquals(heard, { messages: [], requests: [] });
  },
);

browserTest(
  "the graph parts the servers that a lasso is drawn round from the rest",
  async (browser) => {
    await using herd = await LiveHerd.start();
    const { page, heard } = await openGraph(browser, herd);
    await page.getByRole("button", { name: "Lasso" }).click();
    const { x, y } = await placeOf(page, "Hamilton");
    await page.mouse.move(x - 30, y - 30);
    await page.mouse.down();
    for (const [dx, dy] of [[30, -30], [30, 30], [-30, 30], [-30, -30]]) {
      await page.mouse.move(x + dx!, y + dy!, { steps: 4 });
    }
    await page.mouse.up();
    const bar = page.locator(".partition-bar");
    assertEquals(
      await bar.locator("p").innerText(),
      "Part Hamilton from the other 4.",
    );
    await page.locator("#partition").click();
    await untilRow(page, "Parker-Hamilton", /cut both ways/);
    await untilRow(page, "Alford-Parker", /up/);
    await until(page, `document.querySelector(".partition-bar").hidden`);
    assertEquals(heard, { messages: [], requests: [] });
  },
);

browserTest(
  "the graph goes by the keyboard alone",
  async (browser) => {
    await using herd = await LiveHerd.start();
    const { page, heard } = await openGraph(browser, herd);
    const isOn = (selector: string) =>
      page.evaluate<boolean>(
        `document.activeElement.matches(${JSON.stringify(selector)})`,
      );
    for (let tabs = 0; !await isOn("#graph-canvas"); tabs++) {
      assert(tabs < 20, "the canvas can't be reached");
      await page.keyboard.press("Tab");
    }
    const said = () => page.locator(".graph-main > [role=status]").innerText();
    assertMatch(await said(), /^Alford: up, 2 links/);
    await page.keyboard.press("n");
    assertMatch(await said(), /^Bolden: up/);
    // From there an arrow leads to another server.
    const { x } = await placeOf(page, "Bolden");
    const names = ["Alford", "Hamilton", "Parker", "Powell"];
    const places = await Promise.all(names.map((it) => placeOf(page, it)));
    const isRight = places.some((place) => place.x > x + 1);
    await page.keyboard.press(isRight ? "ArrowRight" : "ArrowLeft");
    assert(!(await said()).startsWith("Bolden"), await said());
    await page.keyboard.press("l");
    assertMatch(await said(), /^Link \w+-\w+: up/);
    await page.keyboard.press("Home");
    await page.keyboard.press("Enter");
    await page.locator("#server-panel h2", { hasText: "Alford" }).waitFor();
    await until(page, `document.activeElement.textContent === "Alford"`);
    for (let tabs = 0; !await isOn("[data-act=kill]"); tabs++) {
      assert(tabs < 5, "Kill can't be reached");
      await page.keyboard.press("Tab");
    }
    await page.keyboard.press("Enter");
    await untilRow(page, "Alford", /down/);
    // Back to the graph, and a partition without a lasso.
    while (!await isOn("#graph-canvas")) await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("End");
    assertMatch(await said(), /^Powell/);
    await page.keyboard.press("Space");
    await page.keyboard.press("x");
    await untilRow(page, "Bolden-Powell", /cut both ways/);
    assertEquals(heard, { messages: [], requests: [] });
  },
);

browserTest(
  "the time line goes back to what was, and replays it, while the herd goes on",
  async (browser) => {
    await using herd = await LiveHerd.start();
    const { page, heard } = await openGraph(browser, herd);
    await herd.ask("POST", "/api/servers/Powell/kill", {});
    await untilRow(page, "Powell", /down/);
    await page.locator("#time-track").focus();
    await page.keyboard.press("Home");
    await untilRow(page, "Powell", /up/);
    assertEquals(
      await page.locator("html").getAttribute("data-time"),
      "paused",
    );
    // Meanwhile it is revived; what is shown stays.
    await herd.ask("POST", "/api/servers/Powell/revive", {});
    assertMatch(await row(page, "Powell"), /up/);
    // It was down for a moment, which a replay at any pace might pass over
    // between two looks: so first it is gone to step by step.
    while (!/down/.test(await row(page, "Powell"))) {
      await page.locator("#time-on").click();
      await page.evaluate("new Promise(requestAnimationFrame)");
    }
    await page.locator("#time-back").click();
    await untilRow(page, "Powell", /up/);
    await page.locator("#time-speed").selectOption("0.1");
    await page.locator("#time-play").click();
    await untilRow(page, "Powell", /down/);
    await page.locator("#time-speed").selectOption("10");
    await until(page, `document.documentElement.dataset.time === "live"`);
    await untilRow(page, "Powell", /up/);
    await page.locator("#time-play").click();
    await page.locator("#time-back").click();
    assertMatch(await page.locator("#time-shown").innerText(), /^−\d/);
    assertEquals(heard, { messages: [], requests: [] });
  },
);

const HISTORY = [
  { atMs: 0, kind: "state", server: "Ash", state: "up" },
  { atMs: 0, kind: "state", server: "Elm", state: "up" },
  { atMs: 0, kind: "link", server: "Ash", peer: "Elm", isUp: true },
  { atMs: 0, kind: "link", server: "Elm", peer: "Ash", isUp: true },
  { atMs: 900, kind: "state", server: "Elm", state: "crashed" },
  { atMs: 2_000, kind: "sockets", leaked: [] },
].map((event) => JSON.stringify(event)).join("\n");

browserTest(
  "a run's history that is dropped on the page is replayed, and nothing is done to it",
  async (browser) => {
    await using served = new SyntheticHerd({
      servers: 5,
      updatesPerSecond: 10,
    }).serve();
    const { page, heard } = await openGraph(browser, served);
    await drop(page, "page.html", "<html>");
    const notices = page.locator("#notices");
    await notices.getByText("Line 1 is no event").waitFor();
    await drop(page, "history.jsonl", HISTORY);
    await page.waitForSelector('[data-laid-out="2"]');
    await untilRow(page, "Elm", /up/);
    await untilRow(page, "Ash-Elm", /up/);
    await page.locator("#time-play").click();
    await untilRow(page, "Elm", /crashed/);
    await untilRow(page, "Ash-Elm", /down/);
    await until(page, `document.documentElement.dataset.time === "paused"`);
    await choose(page, "Ash");
    assertEquals(
      await page.locator("[data-act]:not(:disabled)").count(),
      0,
    );
    await page.locator("#time-live").click();
    await page.waitForSelector('[data-laid-out="5"]');
    assertEquals(heard, { messages: [], requests: [] });
  },
);

browserTest(
  "the graph fits a window 400 pixels wide, and says when the herd is gone",
  async (browser) => {
    const herd = await LiveHerd.start();
    const { page, heard } = await (async () => {
      await using _ = herd;
      const opened = await openGraph(browser, herd, {
        viewport: { width: 400, height: 800 },
      });
      const widths = await opened.page.evaluate<number[]>(
        `[document.documentElement, document.getElementById("view")]
          .flatMap((it) => [it.scrollWidth, it.clientWidth])`,
      );
      assertEquals(widths, [400, 400, 400, 400]);
      return opened;
    })();
    const banner = page.locator("#banner");
    await banner.getByText("deno task herd").waitFor();
    // A run needs no herd, and on a phone nothing can be dropped.
    const chooser = page.waitForEvent("filechooser");
    await page.locator("#open-run").click();
    const folder = await Deno.makeTempDir();
    await Deno.writeTextFile(`${folder}/history.jsonl`, HISTORY);
    await (await chooser).setFiles(`${folder}/history.jsonl`);
    await page.waitForSelector('[data-laid-out="2"]');
    await Deno.remove(folder, { recursive: true });
    assertEquals(heard.requests, []);
  },
);

browserTest(
  "the graph keeps where a server was dragged, after a reload too",
  async (browser) => {
    await using served = new SyntheticHerd({
      servers: 25,
      updatesPerSecond: 10,
    }).serve();
    const { page, heard } = await openGraph(browser, served, {
      at: "#/graph?fps",
    });
    const others = () =>
      Promise.all([placeOf(page, "s3"), placeOf(page, "s9")]);
    const [before, from] = [await others(), await placeOf(page, "s0")];
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move(from.x + 40, from.y + 20, { steps: 5 });
    await page.mouse.up();
    const to = await placeOf(page, "s0");
    assertEquals([to.x - from.x, to.y - from.y], [40, 20]);
    await page.reload();
    await page.waitForSelector("[data-laid-out]");
    assertEquals(await placeOf(page, "s0"), to);
    assertEquals(await others(), before);
    await page.getByRole("button", { name: "Unpin all" }).click();
    await until(page, `!localStorage.length`);
    await until(page, `document.documentElement.dataset.fps > 0`);
    assertMatch(await page.locator("#fps").innerText(), /^[\d.]+ frames\/s$/);
    assertEquals(heard, { messages: [], requests: [] });
  },
);
