/**
 * Makes the pictures of the live page that the README and the docs show: of a
 * herd that runs, light and dark.
 *
 * @module
 */
import { type Browser, chromium, type Page } from "playwright-core";
import { ARGUMENTS, PATH, until } from "./chromium.ts";
import { goTo, LiveHerd, openLive } from "./live_herd.ts";

const DOCS = new URL("../../docs/", import.meta.url);
const VIEWPORT = { width: 1_280, height: 800 };
/** So long clients move before the pictures are taken. */
const TRAFFIC_MS = 40_000;

const FIRST_PAINT =
  "performance.getEntriesByName('first-contentful-paint')[0].startTime";

/** Where clients are: towns all over the world. */
const TOWNS: readonly (readonly [string, number, number])[] = [
  ["kiwi", 34.06893, -118.445127],
  ["moa", -36.85, 174.76],
  ["weka", 35.68, 139.69],
  ["tui", 52.52, 13.41],
  ["kea", -33.87, 151.21],
  ["ruru", 19.43, -99.13],
  ["takahe", 40.71, -74.01],
  ["kaka", -23.55, -46.63],
  ["kereru", 30.04, 31.24],
  ["korimako", 28.61, 77.21],
  ["riroriro", 55.76, 37.62],
  ["piwakawaka", 6.52, 3.38],
  ["tieke", 64.15, -21.94],
  ["hoiho", -1.29, 36.82],
  ["toroa", 1.35, 103.82],
  ["karearea", 41.01, 28.98],
  ["kakapo", 47.61, -122.33],
  ["hihi", 59.33, 18.07],
  ["kotuku", 39.9, 116.41],
  ["titi", -12.05, -77.04],
];

/** Moves clients about, each told by another server, until it is stopped. */
async function move(herd: LiveHerd, signal: AbortSignal): Promise<void> {
  const servers = ["Alford", "Bolden", "Hamilton", "Parker"];
  for (let i = 0; !signal.aborted; i++) {
    const [client, latitude, longitude] = TOWNS[i % TOWNS.length]!;
    await herd.ask("POST", "/api/iamat", {
      to: servers[i % servers.length],
      client,
      latitude: latitude + Math.sin(i) / 50,
      longitude: longitude + Math.cos(i) / 50,
    });
  }
}

async function take(page: Page, name: string, scheme: string): Promise<void> {
  const url = new URL(`page-${name}-${scheme}.png`, DOCS);
  await page.screenshot({ path: url.pathname });
  const { size } = await Deno.stat(url);
  console.log(`${name}, ${scheme}: ${Math.round(size / 1_024)} kB`);
}

/** A drill that passes however busy the machine is. */
async function patientDrill(): Promise<string> {
  const url = new URL("../../sim/scenarios/partition.yaml", import.meta.url);
  const text = await Deno.readTextFile(url);
  return text.replaceAll(/within: \d+s/g, "within: 30s")
    .replace(/ {2}# Hamilton still answers[^]*?(?= {2}# Healed)/, "");
}

async function runDrill(page: Page): Promise<void> {
  await goTo(page, "#/drills?name=partition.yaml");
  await page.waitForSelector("[aria-label='Dry run'] li");
  await page.click(".drill-bar .primary:enabled");
  await page.waitForSelector(".run:not([data-state=running])");
}

/** Says some things at the prompt of the console, and follows a log. */
async function talk(page: Page): Promise<void> {
  await goTo(page, "#/console");
  const lines = [
    "status",
    "cut Hamilton Parker",
    "send Hamilton WHATSAT kiwi 10 0",
    "heal",
    "log -f Alford line-in",
  ];
  for (const line of lines) {
    await page.fill("#prompt", line);
    await page.focus("#prompt");
    await page.keyboard.press("Enter");
    await until(page, "!document.querySelector('.entry[data-state=waiting]')");
  }
  await until(
    page,
    "document.querySelector('.log')?.textContent.includes('IAMAT')",
  );
}

async function takeAll(
  browser: Browser,
  herd: LiveHerd,
  colorScheme: "light" | "dark",
): Promise<void> {
  const look = { colorScheme, viewport: VIEWPORT };
  const { page } = await openLive(browser, herd, look);
  const paintMs = await page.evaluate(FIRST_PAINT) as number;
  console.log(`first paint after ${Math.round(paintMs)} ms`);
  await runDrill(page);
  await take(page, "drills", colorScheme);
  const stop = new AbortController();
  const moving = move(herd, stop.signal);
  await goTo(page, "#/graph?server=Parker");
  await page.waitForTimeout(TRAFFIC_MS / 2);
  await herd.ask("POST", "/api/servers/Powell/kill");
  await page.waitForTimeout(TRAFFIC_MS / 4);
  await take(page, "graph", colorScheme);
  await goTo(page, "#/charts");
  await page.waitForSelector("figure canvas");
  await page.waitForTimeout(TRAFFIC_MS / 8);
  await take(page, "charts", colorScheme);
  await herd.ask("DELETE", "/api/faults");
  await page.waitForTimeout(TRAFFIC_MS / 8);
  await goTo(page, "#/map?client=kiwi");
  await page.click("text=WHATSAT");
  await page.waitForSelector(".places li");
  await page.click("[aria-label='Show the world']");
  await page.waitForTimeout(TRAFFIC_MS / 8);
  await take(page, "map", colorScheme);
  await talk(page);
  await take(page, "console", colorScheme);
  stop.abort();
  await moving;
  await page.close();
}

await using herd = await LiveHerd.start({
  files: { "partition.yaml": await patientDrill() },
});
const browser = await chromium.launch({
  executablePath: PATH,
  args: [...ARGUMENTS],
});
try {
  await takeAll(browser, herd, "light");
  await takeAll(browser, herd, "dark");
} finally {
  await browser.close();
}
