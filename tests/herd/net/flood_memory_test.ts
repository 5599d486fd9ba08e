/**
 * What clients that never read take of a server's memory. The server is a
 * process of its own, for the system's figure is one of a process.
 *
 * @module
 */
import { delay } from "@std/async";
import { assert, assertEquals } from "@std/assert";
import { Wire } from "./support.ts";

const SERVER = new URL("server_process.ts", import.meta.url).pathname;
const MIB = 1_048_576;
const CLIENTS = 250;
/** Of 200 that each asks. Their sockets take some, and the server holds others. */
const ANSWERS_EACH = 80;
const UNSENT_MIB_MAX = 96;
/** A server that does nothing takes up some 50; the answers are 1,500. */
const MIB_MAX = 320;
const LOOK_MS = 50;
const DEADLINE_MS = 30_000;
/** V8 gives its own heap back after half a minute only, but that is the lesser part. */
const FALLEN_PART = 0.5;

/** What a server process tells of itself. */
interface Account {
  readonly rss: number;
  readonly answered: number;
}

/** A server in a process of its own. */
class ServerProcess implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  readonly #output: ReadableStreamDefaultReader<string>;

  constructor() {
    const flags = ["--quiet", "--no-check", "--no-prompt"];
    this.#child = new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        ...flags,
        "--allow-net=127.0.0.1",
        SERVER,
        JSON.stringify({ unsentTotalBytesMax: UNSENT_MIB_MAX * MIB }),
      ],
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    this.#input = this.#child.stdin.getWriter();
    this.#output = this.#child.stdout.pipeThrough(new TextDecoderStream())
      .getReader();
  }

  async #next<T>(): Promise<T> {
    const { value } = await this.#output.read();
    assert(value, "The server has ended");
    return JSON.parse(value);
  }

  /** Its port; to be asked for first, and once. */
  async port(): Promise<number> {
    return (await this.#next<{ port: number }>()).port;
  }

  /** What it takes up and has done. */
  async account(): Promise<Account> {
    await this.#input.write(new TextEncoder().encode("\n"));
    return await this.#next();
  }

  async [Symbol.asyncDispose]() {
    await this.#input.close();
    await this.#child.status;
    await this.#output.cancel();
  }
}

/** Resolves when it takes up no more than so much. */
async function whenFallenTo(bytes: number, server: ServerProcess) {
  const endMs = performance.now() + DEADLINE_MS;
  for (;;) {
    const { rss } = await server.account();
    if (rss <= bytes) return;
    const inMib = [rss, bytes].map((it) => Math.round(it / MIB));
    assert(
      performance.now() < endMs,
      `It takes up ${inMib[0]} of ${inMib[1]} MiB`,
    );
    await delay(LOOK_MS);
  }
}

Deno.test("Server keeps its memory, and serves others, beside clients that never read, and gives it back", async () => {
  await using server = new ServerProcess();
  const port = await server.port();
  using other = await Wire.open(port);
  const long = `kiwi +34-118 1699999999.${"0".repeat(30_000)}`;
  await other.ask(`IAMAT ${long}`);
  const before = (await server.account()).rss;
  using wires = new DisposableStack();
  const questions = "WHATSAT kiwi 1 5\n".repeat(200);
  for (let i = 0; i < CLIENTS; i++) {
    const wire = wires.use(await Wire.open(port));
    await wire.send(questions);
  }
  let most = 0;
  for (let answered = 0; answered < ANSWERS_EACH * CLIENTS;) {
    const account = await server.account();
    answered = account.answered;
    most = Math.max(most, account.rss);
    assertEquals(await other.ask("x"), "? x");
  }
  assert(most < MIB_MAX * MIB, `It takes up ${most / MIB} MiB`);
  wires.dispose();
  assertEquals(await other.ask("x"), "? x");
  await whenFallenTo(before + FALLEN_PART * (most - before), server);
});
