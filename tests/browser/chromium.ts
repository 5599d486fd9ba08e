/**
 * A real Chromium, headless, for tests of what a browser has to show.
 *
 * @module
 */
import { type Browser, chromium, type Page } from "playwright-core";

/** Where Chromium is. */
export const PATH = Deno.env.get("CHROMIUM") ?? "/usr/bin/chromium";

/** Nothing but what a test asks for: no network, no updates, no first run. */
export const ARGUMENTS: readonly string[] = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // A name that leads here, as whoever owns a name can have it.
  "--host-resolver-rules=MAP evil.example 127.0.0.1",
];

/** How long a browser may take, on a machine that is busy with other tests. */
export const DEADLINE_MS = 60_000;

/** Whether there is a Chromium. */
export const hasChromium = isThere();

function isThere(): boolean {
  try {
    return Deno.statSync(PATH).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

if (!hasChromium) {
  console.warn(
    `skipped: there is no Chromium at ${PATH}. To get it: ` +
      "apt-get install -y chromium, or set CHROMIUM to its path.",
  );
}

/** What a page did that nobody asked for. */
export interface Heard {
  /** Errors, and whatever it wrote to the console. */
  readonly messages: string[];
  /** Addresses that it asked for, beside its own. */
  readonly requests: string[];
}

/** How a page is opened. */
export interface Opening {
  /** What the system's colours are; light by default. */
  readonly colorScheme?: "light" | "dark";
  /** How wide the window is, in pixels; a desktop's by default. */
  readonly width?: number;
}

/** One browser for all tests of a file, started for the first of them. */
let launched: Promise<Browser> | undefined;

function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: PATH,
    args: [...ARGUMENTS],
    timeout: DEADLINE_MS,
  });
}

Deno.test.afterAll(async () => {
  await (await launched)?.close();
});

/**
 * A test in a browser, or none where there is none. What it has opened is closed
 * at its end, so that the next one finds nothing of it.
 */
export function browserTest(
  name: string,
  test: (browser: Browser) => Promise<void>,
): void {
  Deno.test({
    name,
    ignore: !hasChromium,
    // The browser's pipes are closed by its end, which no sanitizer waits for.
    sanitizeOps: false,
    sanitizeResources: false,
    async fn() {
      // One that has crashed is the misfortune of one test, not of all.
      if (!(await launched)?.isConnected()) launched = launch();
      const browser = await launched!;
      try {
        await test(browser);
      } finally {
        const contexts = browser.contexts();
        await Promise.all(contexts.map((context) => context.close()));
      }
    },
  });
}

/** Opens a page from disk, and waits until it has drawn its run. */
export async function open(
  browser: Browser,
  html: readonly string[],
  { colorScheme = "light", width = 1_280 }: Opening = {},
): Promise<{ page: Page; heard: Heard }> {
  const viewport = { width, height: 900 };
  const page = await browser.newPage({ colorScheme, viewport });
  page.setDefaultTimeout(DEADLINE_MS);
  const heard: Heard = { messages: [], requests: [] };
  page.on("console", (message) => heard.messages.push(message.text()));
  page.on("pageerror", (error) => heard.messages.push(String(error)));
  page.on("dialog", async (dialog) => {
    heard.messages.push(`dialog: ${dialog.message()}`);
    await dialog.dismiss();
  });
  const path = await Deno.makeTempFile({ suffix: ".html" });
  try {
    await Deno.writeTextFile(path, ReadableStream.from(html));
    page.on("request", (request) => {
      const url = request.url();
      if (url !== `file://${path}` && !/^(?:data|blob):/.test(url)) {
        heard.requests.push(url);
      }
    });
    await page.goto(`file://${path}`);
    await page.waitForSelector("html[data-ready]", { state: "attached" });
  } finally {
    await Deno.remove(path);
  }
  return { page, heard };
}

/** Waits, frame by frame, until an expression holds in a page. */
export async function until(page: Page, expression: string): Promise<void> {
  const start = performance.now();
  while (!await page.evaluate(expression)) {
    if (performance.now() - start > DEADLINE_MS) {
      throw new Error(`still does not hold: ${expression}`);
    }
    await page.evaluate("new Promise(requestAnimationFrame)");
  }
}
