/**
 * Makes the pictures of the playground that the docs show: on a desktop, and on
 * a phone.
 *
 * @module
 */
import { chromium } from "playwright-core";
import { ARGUMENTS, PATH, until } from "./chromium.ts";
import { goTo, openLive } from "./live_herd.ts";
import { Files } from "./playground_files.ts";

const DOCS = new URL("../../docs/", import.meta.url);
const DESKTOP = { width: 1_280, height: 720 };
const PHONE = { width: 390, height: 844 };
/** How long clients walk about before a picture is taken. */
const WALK_MS = 15_000;

await using served = await Files.serve();
const browser = await chromium.launch({
  executablePath: PATH,
  args: [...ARGUMENTS],
});
try {
  for (const [name, viewport] of Object.entries({ DESKTOP, PHONE })) {
    const { page } = await openLive(browser, served, { viewport });
    await goTo(page, "#/graph?follow=kiwi");
    await page.waitForSelector("[data-laid-out]");
    await page.waitForTimeout(WALK_MS / 2);
    await goTo(page, "#/console");
    await page.fill("#prompt", "kill Powell");
    await page.press("#prompt", "Enter");
    await until(page, "/Powell killed/.test(document.body.innerText)");
    await goTo(page, "#/graph?follow=kiwi");
    await page.waitForTimeout(WALK_MS / 2);
    const url = new URL(`playground-${name.toLowerCase()}.png`, DOCS);
    await page.screenshot({ path: url.pathname });
    const { size } = await Deno.stat(url);
    console.log(`${name.toLowerCase()}: ${Math.round(size / 1_024)} kB`);
  }
} finally {
  await browser.close();
}
