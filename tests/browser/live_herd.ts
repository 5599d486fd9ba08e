/**
 * A herd that runs, with its page, for tests of what the page shows.
 *
 * @module
 */
import type { Browser, Page } from "playwright-core";
import { DEADLINE_MS, type Heard } from "./chromium.ts";

const ROOT = new URL("../../", import.meta.url);
const PROGRAM = new URL("sim/live/cli/herd_main.ts", ROOT).pathname;

/** The herd of 2014, on ports that are free. */
const TOPOLOGY = `servers:
  Alford: 0
  Bolden: 0
  Hamilton: 0
  Parker: 0
  Powell: 0
links:
  - [Alford, Parker]
  - [Alford, Powell]
  - [Bolden, Parker]
  - [Bolden, Powell]
  - [Parker, Hamilton]
`;

/** How a herd is started. */
export interface LiveOptions {
  /** Options of `deno task herd`. */
  readonly args?: readonly string[];
  /** Files of its working folder. */
  readonly files?: Readonly<Record<string, string>>;
}

/** A herd in a process of its own; disposed of, it is gone with its files. */
export class LiveHerd implements AsyncDisposable {
  /** The address of its page, with the token. */
  readonly page: string;
  readonly #process: Deno.ChildProcess;
  readonly #folder: string;
  readonly #output: Promise<void>;

  private constructor(
    page: string,
    process: Deno.ChildProcess,
    folder: string,
    output: Promise<void>,
  ) {
    this.page = page;
    this.#process = process;
    this.#folder = folder;
    this.#output = output;
  }

  /** Starts one, and waits until it is ready. */
  static async start(
    { args = [], files = {} }: LiveOptions = {},
  ): Promise<LiveHerd> {
    const folder = await Deno.makeTempDir();
    const all = { "2014.yaml": TOPOLOGY, ...files };
    for (const [name, text] of Object.entries(all)) {
      await Deno.writeTextFile(`${folder}/${name}`, text);
    }
    const config = new URL("deno.json", ROOT).pathname;
    const topology = args.includes("--topology")
      ? []
      : ["--topology", "./2014.yaml"];
    const process = new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "--quiet", `--config=${config}`, "-P=herd", PROGRAM],
        ...["--json", "--stop-at-eof", "--log-dir", "logs"],
        ...[...topology, ...args],
      ],
      cwd: folder,
      env: { INIT_CWD: folder },
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    const ready = Promise.withResolvers<string>();
    const output = hear(process.stdout, ready);
    return new LiveHerd(await ready.promise, process, folder, output);
  }

  /** Asks its HTTP API. */
  async ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    const { origin, hash } = new URL(this.page);
    const token = new URLSearchParams(hash.slice(1)).get("token");
    const response = await fetch(origin + path, {
      method,
      headers: {
        "content-type": "application/json",
        authorization: `Bearer ${token}`,
      },
      ...body === undefined ? {} : { body: JSON.stringify(body) },
    });
    const answer = await response.json();
    if (!response.ok) throw new Error(`${path}: ${answer.error.message}`);
    return answer;
  }

  /** Ends it, and removes its files. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process.stdin.close();
    await this.#output;
    await this.#process.status;
    await Deno.remove(this.#folder, { recursive: true });
  }
}

/** Reads what a herd prints until its end; its `ready` tells the page. */
async function hear(
  stdout: ReadableStream<Uint8Array<ArrayBuffer>>,
  ready: PromiseWithResolvers<string>,
): Promise<void> {
  let text = "";
  let isReady = false;
  for await (const chunk of stdout.pipeThrough(new TextDecoderStream())) {
    if (isReady) continue;
    text += chunk;
    const line = text.split("\n").slice(0, -1).find((line) =>
      line.includes('"ready"')
    );
    if (line === undefined) continue;
    isReady = true;
    ready.resolve(JSON.parse(line).page);
  }
  ready.reject(new Error(`The herd ended before it was ready: ${text}`));
}

/** How the page is opened. */
export interface Look {
  /** Where in the page, such as `#/map`. */
  readonly at?: string;
  /** What the system's colours are. */
  readonly colorScheme?: "light" | "dark";
  /** The window. */
  readonly viewport?: { readonly width: number; readonly height: number };
}

/** A view of a herd's page, opened in a tab of its own, and what it did. */
export async function openLive(
  browser: Browser,
  herd: Pick<LiveHerd, "page">,
  { at = "#/graph", colorScheme = "light", viewport }: Look = {},
): Promise<{ page: Page; heard: Heard }> {
  const context = await browser.newContext({
    colorScheme,
    viewport: viewport ?? { width: 1_280, height: 800 },
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  page.setDefaultTimeout(DEADLINE_MS);
  const { origin } = new URL(herd.page);
  const heard: Heard = { messages: [], requests: [] };
  page.on("console", (message) => {
    const text = message.text();
    if (!isMetByEnd(text, message.location().url)) heard.messages.push(text);
  });
  page.on("pageerror", (error) => heard.messages.push(String(error)));
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(`${origin}/`) && !url.startsWith("data:")) {
      heard.requests.push(url);
    }
  });
  await page.goto(herd.page);
  await goTo(page, at);
  return { page, heard };
}

/**
 * Whether a message tells of a server's counters or records that were asked for
 * in the moment in which it ended: the herd refuses that, and any browser says
 * so. The page's panel then shows why.
 */
function isMetByEnd(text: string, url: string): boolean {
  return /status of 409/.test(text) &&
    /\/api\/servers\/\w+\/(?:counters|records)/.test(url);
}

/** Goes to a view, and waits until it is there and the herd was heard. */
export async function goTo(page: Page, at: string): Promise<void> {
  await page.evaluate(`location.hash = ${JSON.stringify(at)}`);
  const name = /#\/(\w+)/.exec(at)![1];
  await page.waitForSelector(
    `html[data-ready="${name}"][data-heard]`,
    { state: "attached" },
  );
}
