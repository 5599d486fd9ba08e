/**
 * The graph as tests see it: by the table behind it, and by where servers stand.
 *
 * @module
 */
import type { Browser, Page } from "playwright-core";
import { type Heard, until } from "./chromium.ts";
import { type LiveHerd, type Look, openLive } from "./live_herd.ts";

/** Opens the graph, and waits until it is laid out. */
export async function openGraph(
  browser: Browser,
  herd: Pick<LiveHerd, "page">,
  look: Look = {},
): Promise<{ page: Page; heard: Heard }> {
  const opened = await openLive(browser, herd, look);
  await opened.page.waitForSelector("[data-laid-out]", { state: "attached" });
  return opened;
}

/** What the table behind the graph says of a server or a link. */
export function row(page: Page, name: string): Promise<string> {
  const rows = page.locator("#graph-table tr");
  return rows.filter({ has: page.getByText(name, { exact: true }) })
    .first().innerText();
}

/** Waits until the table says so of a server or a link. */
export async function untilRow(
  page: Page,
  name: string,
  pattern: RegExp,
): Promise<void> {
  await until(
    page,
    `[...document.querySelectorAll("#graph-table tr")].some((row) =>
      row.cells[0].textContent === ${JSON.stringify(name)} &&
      ${pattern}.test(row.textContent))`,
  );
}

/** Where a server stands on the window. */
export async function placeOf(
  page: Page,
  name: string,
): Promise<{ x: number; y: number }> {
  const places = await page.evaluate<[string, number, number][]>(
    `JSON.parse(document.querySelector(".graph-stage").dataset.places)`,
  );
  const found = places.find(([server]) => server === name);
  if (found === undefined) throw new Error(`There is no ${name}`);
  const box = await page.locator("#graph-canvas").boundingBox();
  return { x: box!.x + found[1], y: box!.y + found[2] };
}

/** Drops a file on the page. */
export async function drop(
  page: Page,
  name: string,
  text: string,
): Promise<void> {
  const [file, content] = [name, text].map((it) => JSON.stringify(it));
  await page.evaluate(`(() => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([${content}], ${file}));
    document.body.dispatchEvent(
      new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }),
    );
  })()`);
}
