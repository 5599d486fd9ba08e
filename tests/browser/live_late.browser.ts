/**
 * Answers that come late: none of them takes the place of what was chosen
 * meanwhile.
 *
 * @module
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import type { Page } from "playwright-core";
import { browserTest, until } from "./chromium.ts";
import { drop, untilRow } from "./graph_page.ts";
import { goTo, LiveHerd, openLive } from "./live_herd.ts";

/** An answer that the page gets when it is let go. */
interface Held {
  /** Resolves when the page has asked. */
  readonly asked: Promise<void>;
  /** Lets it go, and waits until the page has it. */
  release(): Promise<void>;
}

/** Holds the next answer at an address. */
async function hold(page: Page, address: RegExp): Promise<Held> {
  const asked = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  await page.route(address, async (route) => {
    asked.resolve();
    await released.promise;
    await route.continue();
  }, { times: 1 });
  return {
    asked: asked.promise,
    async release() {
      const response = page.waitForResponse(address);
      released.resolve();
      await (await response).finished();
      // What the page does with it is done at once, or at the next frame.
      for (let frame = 0; frame < 2; frame++) {
        await page.evaluate("new Promise(requestAnimationFrame)");
      }
    },
  };
}

/** Keeps all texts that an element has from now on. */
async function watch(page: Page, selector: string): Promise<void> {
  await page.evaluate(`(() => {
    const element = document.querySelector(${JSON.stringify(selector)});
    globalThis.texts = [];
    new MutationObserver(() => texts.push(element.textContent))
      .observe(element, { childList: true, characterData: true, subtree: true });
  })()`);
}

browserTest(
  "a fix that is acknowledged late does not lead back to the map",
  async (browser) => {
    await using herd = await LiveHerd.start();
    const { page, heard } = await openLive(browser, herd, { at: "#/map" });
    await page.fill("input[name=position]", "+34.068930-118.445127");
    await until(
      page,
      "document.querySelectorAll('select[name=server] option').length >= 5",
    );
    const held = await hold(page, /\/api\/iamat$/);
    await page.click("text=Send IAMAT");
    await held.asked;
    await goTo(page, "#/charts");
    await held.release();
    assertEquals(await page.evaluate("location.hash"), "#/charts");
    assertEquals(heard, { messages: [], requests: [] });
  },
);

browserTest(
  "a drill that is loaded late takes nothing of what is typed in the one before",
  async (browser) => {
    const drill = (name: string) => `name: ${name}\nsteps:\n  - wait: 1ms\n`;
    await using herd = await LiveHerd.start({
      files: { "a.yaml": drill("a"), "b.yaml": drill("b") },
    });
    const at = "#/drills?name=a.yaml";
    const { page, heard } = await openLive(browser, herd, { at });
    const untilText = (start: string) =>
      until(
        page,
        `document.querySelector("textarea").value.startsWith("${start}")`,
      );
    await untilText("name: a");
    const held = await hold(page, /\/api\/drills\/b\.yaml$/);
    await page.click(".drill-list >> text=b.yaml");
    await held.asked;
    const typed = `# mine\n${drill("a")}`;
    await page.fill("textarea", typed);
    await held.release();
    await untilText("name: b");
    assertEquals(await page.innerText("#drill-title"), "b.yaml");
    await page.click(".drill-list >> text=a.yaml");
    await untilText("# mine");
    assertEquals(await page.inputValue("textarea"), typed);

    // A run that begins late leads to no other view either.
    const started = await hold(page, /\/api\/runs$/);
    await page.click(".drill-bar .primary:enabled");
    await started.asked;
    await goTo(page, "#/console");
    await started.release();
    assertEquals(await page.evaluate("location.hash"), "#/console");
    assertEquals(heard, { messages: [], requests: [] });
  },
);

browserTest(
  "a log and records that come late are not shown as those of another",
  async (browser) => {
    await using herd = await LiveHerd.start();
    const tell = (client: string) =>
      herd.ask("POST", "/api/iamat", {
        to: "Alford",
        client,
        latitude: 34,
        longitude: -118,
      });
    await tell("kiwi");
    await tell("moa");
    const { page, heard } = await openLive(browser, herd, { at: "#/console" });
    await until(page, "document.querySelector('.log').textContent !== ''");
    const log = await hold(page, /\/api\/servers\/Alford\/log/);
    await log.asked;
    await tell("emu");
    await watch(page, ".log");
    await page.selectOption("select[name=log-server]", "Powell");
    await log.release();
    await until(page, "texts.length > 0");
    const logs = await page.evaluate<string[]>("texts");
    assertEquals(logs.filter((text) => text.includes("IAMAT")), []);

    await goTo(page, "#/graph?server=Alford");
    await until(page, "document.querySelectorAll('.records li').length === 3");
    const records = await hold(page, /\/api\/servers\/Alford\/records/);
    await records.asked;
    await tell("kea");
    await watch(page, "#records");
    await page.fill("#records input", "moa");
    await records.release();
    await until(page, "document.querySelectorAll('.records li').length === 1");
    assertStringIncludes(await page.innerText(".records"), "moa");
    const shown = await page.evaluate<string[]>("texts");
    assertEquals(shown.filter((text) => text.includes("kea")), []);
    assertEquals(heard, { messages: [], requests: [] });
  },
);

browserTest(
  "a run that is opened before the herd has answered is drawn anew then",
  async (browser) => {
    const history = [
      { atMs: 0, kind: "state", server: "Ash", state: "up" },
      { atMs: 0, kind: "state", server: "Elm", state: "up" },
      { atMs: 0, kind: "link", server: "Ash", peer: "Elm", isUp: true },
      { atMs: 0, kind: "link", server: "Elm", peer: "Ash", isUp: true },
      {
        atMs: 0,
        kind: "fault-begin",
        id: "cut-1",
        fault: "cut",
        targets: ["Ash-Elm"],
      },
      { atMs: 2_000, kind: "sockets", leaked: [] },
    ].map((event) => JSON.stringify(event)).join("\n");
    await using herd = await LiveHerd.start();
    const { page, heard } = await openLive(browser, herd, { at: "#/charts" });
    const held = await hold(page, /\/api\/herd$/);
    await page.reload();
    await held.asked;
    await drop(page, "history.jsonl", history);
    await goTo(page, "#/graph");
    await untilRow(page, "Ash-Elm", /faulty \(cut\)/);
    await held.release();
    await untilRow(page, "Ash-Elm", /cut both ways/);
    assertEquals(heard, { messages: [], requests: [] });
  },
);
