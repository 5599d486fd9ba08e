import { assert, assertEquals, assertMatch } from "@std/assert";
import { playgroundFiles } from "../../sim/live/web/playground.ts";
import { assertAccessible } from "./accessibility.ts";
import { browserTest, until } from "./chromium.ts";
import { goTo, openLive } from "./live_herd.ts";

const TYPES: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  json: "application/json",
};
let files: Promise<Record<string, string>> | undefined;

/** A server of files that knows of nothing else, with the page in a folder. */
class Files implements AsyncDisposable {
  readonly page: string;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  constructor(all: Readonly<Record<string, string>>) {
    const options = { port: 0, hostname: "127.0.0.1", onListen: () => {} };
    this.#server = Deno.serve(options, ({ url }) => {
      const name = new URL(url).pathname.replace(/^\/a-folder\//, "") ||
        "index.html";
      const text = all[name];
      if (text === undefined) return new Response("none", { status: 404 });
      const type = TYPES[name.split(".").at(-1)!]!;
      return new Response(text, { headers: { "content-type": type } });
    });
    this.page = `http://127.0.0.1:${this.#server.addr.port}/a-folder/`;
  }

  static async serve(): Promise<Files> {
    return new Files(await (files ??= playgroundFiles()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }
}

browserTest(
  "a herd runs in the page, is told what to do, and time goes faster",
  async (browser) => {
    await using served = await Files.serve();
    const { page, heard } = await openLive(browser, served);
    assertMatch(await page.innerText("#herd"), /2014\s+5 servers/);
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
    assertMatch(await report.innerText("#fork-state"), /the same run/);
    assertEquals(heard, { messages: [], requests: [] });
  },
);

browserTest(
  "a herd runs in the page of a phone, and nothing is wider than that",
  async (browser) => {
    await using served = await Files.serve();
    const viewport = { width: 400, height: 800 };
    const look = { viewport, colorScheme: "dark" } as const;
    const { page, heard } = await openLive(browser, served, look);
    for (const view of ["graph", "drills"]) {
      await goTo(page, `#/${view}`);
      assertEquals(
        await page.evaluate("document.documentElement.scrollWidth"),
        400,
      );
    }
    await goTo(page, "#/graph");
    await assertAccessible(page, "the page on a phone");
    assertEquals(heard, { messages: [], requests: [] });
  },
);
