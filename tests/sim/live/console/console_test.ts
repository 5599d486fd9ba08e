/**
 * The real program, driven by pipes.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { IS_WINDOWS, unless } from "../../../skipped.ts";
import { main } from "../../../../sim/live/cli/herd_main.ts";
import { printed } from "../cli/printed.ts";

const ROOT = new URL("../../../../", import.meta.url);

interface Told {
  readonly event: string;
  // deno-lint-ignore no-explicit-any
  readonly [field: string]: any;
}

function spawn(args: string[]): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "-P=herd", "sim/live/cli/herd_main.ts", ...args],
    cwd: ROOT,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** What the program says and how it ends, given all its input at once. */
async function runToEnd(args: string[], input = "") {
  const child = spawn(args);
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(input)).catch(() => {});
  const output = child.output();
  const { code, stdout, stderr } = await output;
  await writer.close().catch(() => {});
  const decoder = new TextDecoder();
  return {
    code,
    stdout: decoder.decode(stdout),
    stderr: decoder.decode(stderr),
  };
}

/** The program with `--json`: commands in, events out. */
class Driver implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #stderr: Promise<string>;
  readonly #events: AsyncGenerator<Told>;

  constructor(args: string[]) {
    this.#child = spawn(["--json", "--no-log", "--no-page", ...args]);
    this.#input = this.#child.stdin.getWriter();
    this.#stderr = new Response(this.#child.stderr).text();
    this.#events = this.#read();
  }

  async *#read(): AsyncGenerator<Told> {
    let rest = "";
    const stdout = this.#child.stdout.pipeThrough(new TextDecoderStream());
    for await (const chunk of stdout) {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop()!;
      for (const line of lines) yield JSON.parse(line);
    }
    assertEquals(rest, "");
  }

  async type(...commands: string[]): Promise<void> {
    const text = commands.map((command) => command + "\n").join("");
    await this.#input.write(new TextEncoder().encode(text));
  }

  /** The next event at all. */
  async next(): Promise<Told> {
    const { value, done } = await this.#events.next();
    assert(!done, `It ended: ${done && await this.#stderr}`);
    return value;
  }

  /** The next event of this kind. */
  async until(event: string): Promise<Told> {
    for (;;) {
      const told = await this.next();
      if (told.event === event) return told;
      assert(told.event !== "error", JSON.stringify(told));
    }
  }

  async endInput(): Promise<void> {
    await this.#input.close();
  }

  get pid(): number {
    return this.#child.pid;
  }

  signal(signal: Deno.Signal): void {
    this.#child.kill(signal);
  }

  /** The exit code, once all that it said has been read. */
  async ended(): Promise<number> {
    for await (const _ of this.#events);
    const { code } = await this.#child.status;
    await this.#stderr;
    return code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#input.close().catch(() => {});
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It has ended, as it should.
    }
    await this.ended();
  }
}

async function refuses(port: number): Promise<boolean> {
  try {
    (await Deno.connect({ hostname: "127.0.0.1", port })).close();
    return false;
  } catch (error) {
    return error instanceof Deno.errors.ConnectionRefused;
  }
}

Deno.test("herd_main tells that it is ready first, and takes commands from a pipe", async () => {
  await using herd = new Driver(["--topology", "line:3"]);
  const ready = await herd.next();
  assertEquals(ready.event, "ready");
  assertEquals([ready["topology"], ready["pid"]], ["line:3", herd.pid]);
  assertEquals(
    // deno-lint-ignore no-explicit-any
    ready["servers"].map((one: any) => [one.name, one.neighbours]),
    [["s0", ["s1"]], ["s1", ["s0", "s2"]], ["s2", ["s1"]]],
  );

  await herd.type("send s0 IAMAT kiwi +34.068930-118.445127 1400794645.392");
  const reply = await herd.until("reply");
  assertEquals(
    reply["text"].replace(/[+-]\d+\.\d{9}/, "<diff>"),
    "AT s0 <diff> kiwi +34.068930-118.445127 1400794645.392",
  );

  await herd.type("kill s1", "status");
  assertEquals((await herd.until("state"))["state"], "stopped");
  assertEquals((await herd.until("done"))["command"], "kill");
  const status = await herd.until("status");
  assertEquals(status["servers"][1].state, "stopped");

  await herd.type("crash s2");
  let crashed = await herd.until("state");
  while (crashed["server"] !== "s2") crashed = await herd.until("state");
  assertEquals([crashed["state"], crashed["isAsked"]], ["crashed", true]);
  assertEquals((await herd.until("restart"))["server"], "s2");

  await herd.type("revive s1", "kil s1", "log s1");
  assertEquals((await herd.until("done"))["command"], "revive");
  for (const message of ["did you mean kill?", "none is written"]) {
    let told = await herd.next();
    while (told.event !== "error") told = await herd.next();
    assertStringIncludes(told["message"], message);
  }

  await herd.type("quit");
  await herd.until("stopping");
  assertEquals(await herd.ended(), 0);
});

Deno.test("herd_main puts faults on links, tells which stand, and heals them", async () => {
  await using herd = new Driver(["--topology", "line:3"]);
  await herd.next();
  await herd.type("cut s0 s1", "latency s1-s2 100ms ±20ms", "faults");
  const begun = [await herd.until("begun"), await herd.until("begun")];
  assertEquals(begun.map(({ id, targets }) => [id, targets]), [
    ["cut-1", ["s0-s1"]],
    ["latency-1", ["s1-s2"]],
  ]);
  const { faults } = await herd.until("faults");
  assertEquals(faults.map((it: { id: string }) => it.id), [
    "cut-1",
    "latency-1",
  ]);
  await herd.type("heal cut-1", "heal", "partition s0 | rest", "reset all");
  assertEquals((await herd.until("healed"))["faults"].length, 1);
  assertEquals((await herd.until("healed"))["faults"][0].id, "latency-1");
  assertEquals((await herd.until("begun"))["targets"], ["s0-s1"]);
  assertEquals((await herd.until("reset"))["targets"], ["s0-s1", "s1-s2"]);
  // A fault that stands, and its proxies, go with the herd.
  herd.signal("SIGINT");
  assertEquals(await herd.ended(), 0);
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test({
    ...unless(
      IS_WINDOWS,
      `herd_main outlives its input, and ends on ${signal} with nothing left`,
    ),
    async fn() {
      await using herd = new Driver(["--topology", "line:2"]);
      const ready = await herd.next();
      await herd.type("pause s1");
      await herd.until("done");
      await herd.endInput();
      const ports: number[] = ready["servers"].map((one: Told) => one["port"]);
      assertEquals(await Promise.all(ports.map(refuses)), [false, false]);
      herd.signal(signal);
      assertEquals(await herd.ended(), 0);
      assertEquals(await Promise.all(ports.map(refuses)), [true, true]);
    },
  });
}

Deno.test("herd_main stops at the end of its input with --stop-at-eof", async () => {
  await using herd = new Driver(["--topology", "line:2", "--stop-at-eof"]);
  await herd.next();
  await herd.type("status");
  await herd.until("status");
  await herd.endInput();
  await herd.until("stopping");
  assertEquals(await herd.ended(), 0);
});

Deno.test("herd_main shows people a table, and the log of a server", async () => {
  const directory = await Deno.makeTempDir();
  try {
    const { code, stdout, stderr } = await runToEnd(
      ["--topology", "line:2", "--no-page", "--log-dir", directory],
      "log -f s0\nsend s1 NONSENSE \x1b[2J\x7f\u009b\nrestart s0\nlog s1 1000\nlog s1 NONSENSE\nhelp quit\nquit\n",
    );
    assertEquals([code, stderr], [0, ""]);
    const at = /s0 +127\.0\.0\.1:\d+ +s1\ns1 +127\.0\.0\.1:\d+ +s0\n/;
    assert(at.test(stdout), stdout);
    const shown = String.raw`NONSENSE \x1b[2J\x7f\x9b`;
    assertStringIncludes(stdout, `\n? ${shown}\n`);
    assert(stdout.split(shown).length > 4, stdout);
    const line =
      /^\d\d:\d\d:\d\d\.\d{3} {2}line-in {5}127\.0\.0\.1:\d+ {2}NONS/m;
    assert(line.test(stdout), stdout);
    assert(!/[\x7f-\x9f]/.test(stdout), stdout);
    assertStringIncludes(stdout, "quit\n  stop all servers, and leave");
    assert(!stdout.includes("\x1b"), "Colour goes to terminals only");
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});

Deno.test("herd_main exits with 2 at what is wrong in its usage", async () => {
  const wrong: [args: string[], message: string][] = [
    [["--topolgy", "2014"], "did you mean --topology?"],
    [["--topology", "2015"], 'no topology "2015"'],
    [["--topology", "ring:-1"], "ring"],
    [["--topology", "line:9", "--port-base", "65530"], "65538"],
  ];
  for (const [args, message] of wrong) {
    const { code, out, err } = await printed(() => main(args));
    assertEquals([code, out], [2, ""], err);
    assertStringIncludes(err, message);
  }
  const [[args, message] = [[], ""]] = wrong;
  const { code, stdout, stderr } = await runToEnd(args);
  assertEquals([code, stdout], [2, ""], stderr);
  assertStringIncludes(stderr, message);
});

Deno.test("herd_main exits with 2 at a port in use, in one line that names it and the option that helps", async () => {
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = taken.addr as Deno.NetAddr;
  const { code, out, err } = await printed(() =>
    main(["--topology", "line:1", "--no-log", "--port-base", String(port)])
  );
  assertEquals([code, out], [2, ""], err);
  assertEquals(err.trimEnd().split("\n").length, 1, err);
  assertStringIncludes(err, `s0: port ${port}`);
  assertStringIncludes(err, "--port-base PORT takes other ports");
});

Deno.test("herd_main prints its help and exits with 0", async () => {
  const { code, out } = await printed(() => main(["--help"]));
  assertEquals(code, 0);
  assertStringIncludes(out, "--port-base PORT");
});
