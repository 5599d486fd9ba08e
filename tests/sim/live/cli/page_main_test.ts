/**
 * The live page as the command lines serve it.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";

const ROOT = new URL("../../../../", import.meta.url);

/** A task's program under way, and what it prints, line by line. */
class Running implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #lines: AsyncIterator<string>;

  constructor(program: string, args: readonly string[]) {
    this.#child = new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "-P=herd", program, "--no-log", ...args],
      cwd: ROOT,
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    this.#lines = linesOf(this.#child.stdout);
  }

  /** The first event of one of these names. */
  async event(...names: string[]): Promise<Record<string, string>> {
    for (;;) {
      const { value, done } = await this.#lines.next();
      assert(!done, "It has ended");
      const event = JSON.parse(value);
      if (names.includes(event.event)) return event;
    }
  }

  /** The address of the page. */
  async page(): Promise<URL> {
    const { page } = await this.event("ready", "page");
    assert(page !== undefined, "It has no page");
    return new URL(page);
  }

  /** The exit code, and how long it took to come to its end. */
  async stop(signal: Deno.Signal): Promise<{ code: number; tookMs: number }> {
    const startMs = performance.now();
    this.#child.kill(signal);
    while (!(await this.#lines.next()).done);
    const { code } = await this.#child.status;
    return { code, tookMs: performance.now() - startMs };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It has ended.
    }
    await this.#child.status;
    await this.#lines.return?.();
    await this.#child.stdin.close().catch(() => {});
  }
}

async function* linesOf(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<string> {
  let text = "";
  for await (const part of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (text + part).split("\n");
    text = lines.pop()!;
    yield* lines;
  }
}

Deno.test("deno task herd tells its page's address, and ends though it is watched", async () => {
  await using herd = new Running("sim/live/cli/herd_main.ts", [
    ...["--json", "--topology", "line:2"],
  ]);
  const { origin, hash } = await herd.page();
  assertStringIncludes(hash, "#token=");
  const watchers = await Promise.all([1, 2, 3].map(async () => {
    const response = await fetch(`${origin}/api/events`);
    const reader = response.body!.getReader();
    await reader.read();
    return reader;
  }));
  const { code, tookMs } = await herd.stop("SIGINT");
  assertEquals(code, 0);
  // A herd has two seconds to stop; a machine that is busy takes longer.
  assert(tookMs < 20_000, `${tookMs} ms`);
  for (const reader of watchers) await reader.cancel().catch(() => {});
});

Deno.test("deno task herd serves no page with --no-page", async () => {
  await using herd = new Running("sim/live/cli/herd_main.ts", [
    ...["--json", "--topology", "line:2", "--no-page"],
  ]);
  const ready = await herd.event("ready");
  assert(!Object.hasOwn(ready, "page"), "It has one");
  assertEquals((await herd.stop("SIGTERM")).code, 0);
});

Deno.test("deno task scenario --page serves the herd of the drill while it runs", async () => {
  const drill = await Deno.makeTempFile({ suffix: ".yaml" });
  try {
    await Deno.writeTextFile(
      drill,
      "topology: line:3\nsteps:\n  - wait: 10m\n",
    );
    await using run = new Running("sim/live/cli/scenario_main.ts", [
      ...[drill, "--json", "--page"],
    ]);
    const { origin } = await run.page();
    const herd = await (await fetch(`${origin}/api/herd`)).json();
    assertEquals(herd.topology, "line:3");
    assertEquals((await run.stop("SIGINT")).code, 130);
  } finally {
    await Deno.remove(drill);
  }
});
