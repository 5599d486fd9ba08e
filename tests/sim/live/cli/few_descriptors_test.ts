/**
 * The real program with few descriptors, and more clients than these.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { IS_WINDOWS, unless } from "../../../skipped.ts";

const ROOT = new URL("../../../../", import.meta.url);
const DEADLINE_MS = 120_000;
const DESCRIPTORS = 400;
const CROWD = 600;

interface Told {
  readonly event: string;
  readonly [field: string]: unknown;
}

/** A herd as a program of its own, and what it tells. */
class HerdProcess implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #keys: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  readonly #told: AsyncGenerator<string>;

  constructor(topology: string) {
    const program = `ulimit -n ${DESCRIPTORS}; exec "$0" run --quiet -P=herd ` +
      `sim/live/cli/herd_main.ts --no-log --no-page --json ` +
      `--topology ${topology}`;
    this.#child = new Deno.Command("sh", {
      args: ["-c", program, Deno.execPath()],
      cwd: ROOT,
      signal: AbortSignal.timeout(DEADLINE_MS),
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    this.#keys = this.#child.stdin.getWriter();
    this.#told = linesOf(this.#child.stdout);
  }

  async type(line: string): Promise<void> {
    await this.#keys.write(new TextEncoder().encode(`${line}\n`));
  }

  /** The next thing of a kind that is told. */
  async heard(...kinds: string[]): Promise<Told> {
    for (;;) {
      const { value, done } = await this.#told.next();
      assert(!done, `It ended before it told of ${kinds}`);
      const told: Told = JSON.parse(value);
      if (kinds.includes(told.event)) return told;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.type("quit").catch(() => {});
    await this.#keys.close().catch(() => {});
    while (!(await this.#told.next()).done);
    await this.#child.status;
  }
}

async function* linesOf(
  output: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<string> {
  let rest = "";
  for await (const text of output.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    yield* lines;
  }
}

/** What a connection is answered, until a line has come or it is closed. */
async function answered(conn: Deno.TcpConn, line: string): Promise<string> {
  const bytes = new Uint8Array(1_024);
  try {
    await conn.write(new TextEncoder().encode(line));
    const length = await conn.read(bytes);
    return new TextDecoder().decode(bytes.subarray(0, length ?? 0));
  } catch {
    return "";
  }
}

async function ask(port: number, line: string): Promise<string> {
  using conn = await Deno.connect({ hostname: "127.0.0.1", port });
  return await answered(conn, line);
}

for (const speaks of [false, true]) {
  Deno.test({
    ...unless(
      IS_WINDOWS,
      `deno task herd serves others beside more clients than descriptors, ` +
        (speaks ? "each of which has spoken" : "all of them silent"),
    ),
    async fn() {
      await using herd = new HerdProcess("ring:5");
      const { servers } = await herd.heard("ready");
      const ports = new Map(
        (servers as { name: string; port: number }[])
          .map(({ name, port }) => [name, port]),
      );
      const capped = await herd.heard("connections-capped");
      assertEquals(capped.descriptors, DESCRIPTORS);
      const crowd: Deno.TcpConn[] = [];
      let served = 0;
      for (let nth = 0; nth < CROWD; nth++) {
        const port = ports.get("s0")!;
        const conn = await Deno.connect({ hostname: "127.0.0.1", port });
        crowd.push(conn);
        if (!speaks) continue;
        const reply = await answered(conn, `IAMAT c${nth} +1-1 5\n`);
        if (reply.startsWith("AT s0 ")) served++;
      }
      if (speaks) assertEquals(served, capped.each);
      for (const [name, port] of ports) {
        if (speaks && name === "s0") continue;
        const reply = await ask(port, "IAMAT kiwi +1-1 5\n");
        assert(reply.startsWith(`AT ${name} `), `${name}: ${reply}`);
      }
      // It is done when its links are up: one of them is to the full server.
      await herd.type("restart s1");
      const done = await herd.heard("done", "error");
      assertEquals(
        [done.event, done.server],
        ["done", "s1"],
        `${done.message}`,
      );
      // Its links are up, and the sync over them ends some time after.
      let reply = "";
      while (!reply.startsWith("AT ")) {
        reply = await ask(ports.get("s1")!, "WHATSAT kiwi 1 0\n");
        assert(reply !== "", "s1 doesn't answer");
      }
      for (const conn of crowd) conn.close();
    },
  });
}
