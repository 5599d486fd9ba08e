import { denoPlatform } from "../../../../herd/net/deno_platform.ts";
import type { Connection, TcpListener } from "../../../../herd/net/platform.ts";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { Herd } from "../../../../mod.ts";
import { Commands } from "../../../../sim/live/commands/commands.ts";
import {
  type FoundAddress,
  runningHerds,
} from "../../../../sim/live/ctl/address.ts";
import { askHerd } from "../../../../sim/live/ctl/ctl_client.ts";
import { CtlServer } from "../../../../sim/live/ctl/ctl_server.ts";
import type { Answer } from "../../../../sim/live/ctl/protocol.ts";
import { untilReleased } from "../../../../sim/live/servers/ports.ts";
import { IS_WINDOWS, unless } from "../../../skipped.ts";

/** A herd of two that takes commands, and what was asked of it. */
class Taking implements AsyncDisposable {
  quits = 0;

  private constructor(
    readonly logs: string,
    readonly herd: Herd,
    readonly server: CtlServer,
    readonly address: FoundAddress,
  ) {}

  static async start(): Promise<Taking> {
    const logs = await Deno.makeTempDir();
    const log = { directory: logs, level: "INFO" } as const;
    const herd = await Herd.start("line:2", { places: "none", log });
    const server = await CtlServer.open({
      platform: denoPlatform,
      folder: herd.logDirectory!,
      topology: "line:2",
      commands: new Commands(herd),
      onQuit: () => taking.quits++,
    });
    const [address] = await runningHerds(logs);
    const taking = new Taking(logs, herd, server, address!);
    return taking;
  }

  /** The code of a command, and what it gave. */
  async ask(
    command: string,
    { signal = new AbortController().signal, token = this.address.token } = {},
  ) {
    const answers: Answer[] = [];
    const address = { ...this.address, token };
    const take = (answer: Answer) => void answers.push(answer);
    const code = await askHerd(denoPlatform, address, command, take, signal);
    return { code, answers };
  }

  /** All that comes back when these bytes come, and no more. */
  async raw(bytes: Uint8Array): Promise<string> {
    using conn = await Deno.connect({
      hostname: "127.0.0.1",
      port: this.address.port,
    });
    const coming = new Response(conn.readable).text().catch(() => "");
    const writer = conn.writable.getWriter();
    await writer.write(bytes).then(() => writer.close()).catch(() => {});
    return await coming;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server.close();
    await this.herd.stop();
    await Deno.remove(this.logs, { recursive: true });
  }
}

const text = (it: string) => new TextEncoder().encode(it);

Deno.test("CtlServer gives the results of commands, and a code for how each ended", async () => {
  await using taking = await Taking.start();
  const { code, answers } = await taking.ask("kill s1");
  const [done] = answers;
  assert(done?.event === "done" && done.command === "kill", `${done?.event}`);
  assertEquals([code, answers.length], [0, 1]);
  assertEquals(await taking.ask("kill s1"), {
    code: 1,
    answers: [{ event: "error", message: "Cannot kill s1: it is stopped" }],
  });
  assertEquals(await taking.ask("kil s1"), {
    code: 2,
    answers: [{
      event: "error",
      message: 'no command "kil", did you mean kill?',
    }],
  });
  assertEquals((await taking.ask(" \t ")).code, 2);
  assertEquals(taking.quits, 0);
  assertEquals(await taking.ask("quit"), {
    code: 0,
    answers: [{ event: "stopping" }],
  });
  assertEquals(taking.quits, 1);
});

Deno.test({
  ...unless(
    IS_WINDOWS,
    "CtlServer tells only the file's owner where it listens",
  ),
  async fn() {
    await using taking = await Taking.start();
    const path = `${taking.herd.logDirectory}/.ctl`;
    assertEquals((await Deno.stat(path)).mode! & 0o777, 0o600);
    const { port, token } = JSON.parse(await Deno.readTextFile(path));
    assertEquals([port, token], [taking.address.port, taking.address.token]);
    assert(/^[0-9a-f]{64}$/.test(token));
  },
});

Deno.test("CtlServer refuses a wrong token, and does nothing for it", async () => {
  await using taking = await Taking.start();
  const { token } = taking.address;
  const wrong = [
    "",
    "0",
    token.slice(1),
    token + "0",
    token.toUpperCase() + "é",
  ];
  for (const token of wrong) {
    assertEquals(await taking.ask("kill s1", { token }), {
      code: 2,
      answers: [{ event: "error", message: "wrong token" }],
    });
  }
  assertEquals(taking.herd.status().map(({ state }) => state), ["up", "up"]);
});

Deno.test("CtlServer closes what is no request without a word: HTTP, garbage, halves", async () => {
  await using taking = await Taking.start();
  const { token } = taking.address;
  const request = JSON.stringify({ token, command: "kill s1" });
  // What a page of the web could have a browser send, if it even knew the token.
  const http = `POST / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n${request}\n`;
  const inputs = [
    text(http),
    text(`\n${request}\n`),
    text(request),
    text('{"token":'),
    text("null\n"),
    text("[]\n"),
    text('{"token":1,"command":"kill s1"}\n'),
    text(`{"token":"${token}"}\n`),
    new Uint8Array(0),
    Uint8Array.of(0xff, 0xfe, 0, 10),
    new Uint8Array(2_000_000).fill(120),
  ];
  for (const input of inputs) assertEquals(await taking.raw(input), "");
  assertEquals((await taking.ask("status")).code, 0);
  assertEquals(taking.herd.status().map(({ state }) => state), ["up", "up"]);
});

Deno.test("CtlServer serves one while another waits, and an interrupt ends its own command only", async () => {
  await using taking = await Taking.start();
  await taking.ask("pause s1");
  const [one, two] = [new AbortController(), new AbortController()];
  const line = "send s1 WHATSAT kiwi 1 1";
  const first = taking.ask(line, { signal: one.signal });
  const second = taking.ask(line, { signal: two.signal });
  for (let i = 0; i < 5; i++) {
    assertEquals((await taking.ask("status")).code, 0);
  }
  one.abort();
  assertEquals(await first, {
    code: 1,
    answers: [{ event: "error", message: "stopped waiting" }],
  });
  assertEquals((await taking.ask("resume s1")).code, 0);
  const { code, answers } = await second;
  assertEquals([code, answers], [0, [{
    event: "reply",
    server: "s1",
    text: `? ${line.slice("send s1 ".length)}`,
  }]]);
});

Deno.test("CtlServer sends on a log that is followed until it is interrupted", async () => {
  await using taking = await Taking.start();
  const stop = new AbortController();
  const lines: string[] = [];
  const followed = askHerd(
    denoPlatform,
    taking.address,
    "log -f s0 1 kiwi",
    (answer) => {
      if (answer.event !== "log") return;
      lines.push(...answer.lines);
      if (lines.length >= 2) stop.abort();
    },
    stop.signal,
  );
  // It may begin to follow before the first or after the last.
  let isOver = false;
  void followed.finally(() => isOver = true);
  for (let n = 0; !isOver; n++) {
    await taking.ask(`send s0 IAMAT kiwi +34.0-118.0 ${n}`);
  }
  assertEquals(await followed, 1);
  assert(lines.every((it) => it.includes("kiwi")), lines.join("\n"));
});

Deno.test("CtlServer.close() takes back its file, and tells who waits", async () => {
  await using taking = await Taking.start();
  await taking.ask("pause s1");
  const waiting = taking.ask("send s1 WHATSAT kiwi 1 1");
  // Nobody has asked anything here yet; it is not waited for.
  using silent = await Deno.connect({
    hostname: "127.0.0.1",
    port: taking.address.port,
  });
  await taking.ask("status");
  await taking.server.close();
  assertEquals(await waiting, {
    code: 1,
    answers: [{ event: "error", message: "the herd stops" }],
  });
  assertEquals(await runningHerds(taking.logs), []);
  assertEquals(await silent.read(new Uint8Array(1)).catch(() => null), null);
  // A process that another test starts holds what is open here for a moment.
  const { port } = taking.address;
  const address = { hostname: "127.0.0.1", port };
  assert(await untilReleased(denoPlatform, address, 60_000));
  await assertRejects(
    () => taking.ask("status"),
    Deno.errors.ConnectionRefused,
  );
  await taking.herd.resume("s1");
});

/** Sends a byte a read, and keeps what it was given to put it into. */
class Trickle {
  readonly buffers = new Set<ArrayBufferLike>();
  readonly remoteAddr = { hostname: "127.0.0.1", port: 9 };
  #left: number;
  readonly #onEnd: () => void;

  constructor(bytes: number, onEnd: () => void) {
    this.#left = bytes;
    this.#onEnd = onEnd;
  }

  read(buffer: Uint8Array): Promise<number | null> {
    this.buffers.add(buffer.buffer);
    if (this.#left-- === 0) return Promise.resolve(null);
    buffer[0] = 120;
    return Promise.resolve(1);
  }

  write = (bytes: Uint8Array) => Promise.resolve(bytes.length);
  closeWrite = () => Promise.resolve();
  setNoDelay(): void {}
  close = (): void => this.#onEnd();
}

Deno.test("CtlServer holds no more of a line that comes a byte at a time than came", async () => {
  const folder = await Deno.makeTempDir();
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  const conn = new Trickle(5_000, end);
  const stopped = Promise.withResolvers<Connection>();
  const accepted = [Promise.resolve<Connection>(conn), stopped.promise];
  const listener: TcpListener = {
    addr: { hostname: "127.0.0.1", port: 1 },
    accept: () => accepted.shift()!,
    close: () => stopped.reject(new Deno.errors.BadResource("closed")),
  };
  await using herd = await Herd.start("line:1", { places: "none" });
  const server = await CtlServer.open({
    platform: {
      ...denoPlatform,
      network: { ...denoPlatform.network, listen: () => listener },
    },
    folder,
    topology: "line:1",
    commands: new Commands(herd),
    onQuit: () => {},
  });
  await ended;
  await server.close();
  assertEquals(conn.buffers.size, 1);
  await Deno.remove(folder, { recursive: true });
});
