/**
 * Machines for tests and benchmarks: network namespaces, joined by a bridge that is in one of
 * its own. Nothing outside of them is changed but `/etc/netns`, where their host
 * names stand, and all is removed at the end. What a run that was killed has left
 * behind is removed by the next.
 *
 * @module
 */
import { delay } from "@std/async";
import { assert } from "@std/assert";

const PREFIX = "herd-net-";
const NAMES = "/etc/netns";

/** Why machines can't have the kernel delay packets; `undefined` if they can. */
export function whyNoDelay(): string | undefined {
  const probe = `${PREFIX}${Deno.pid}-probe`;
  if (run("ip", ["netns", "add", probe]).code !== 0) {
    return "it may make no network namespace";
  }
  const delayed = ["tc", "qdisc", "add", "dev", "lo", ...delayedBy(1)];
  const { code } = run("ip", ["netns", "exec", probe, ...delayed]);
  run("ip", ["netns", "del", probe]);
  return code === 0 ? undefined : "the kernel has no netem";
}

function delayedBy(ms: number): string[] {
  return ["root", "netem", "delay", `${ms}ms`];
}

/** What a program has come to. */
export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Why there can be no machines here; `undefined` if there can. */
export function whyNone(...programs: string[]): string | undefined {
  if (Deno.build.os !== "linux") return "it needs Linux";
  if (!run("id", ["-u"]).out.startsWith("0\n")) return "it needs root";
  for (const program of ["ip", ...programs]) {
    if (run("sh", ["-c", `command -v ${program}`]).code !== 0) {
      return `it needs ${program}`;
    }
  }
  const probe = `${PREFIX}${Deno.pid}-probe`;
  if (run("ip", ["netns", "add", probe]).code !== 0) {
    return "it may make no network namespace";
  }
  run("ip", ["netns", "del", probe]);
  return undefined;
}

function run(program: string, args: string[], cwd?: string): Ended {
  const child = new Deno.Command(program, {
    args,
    stdin: "null",
    ...cwd !== undefined && { cwd },
  });
  const { code, stdout, stderr } = child.outputSync();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: text(stdout), err: text(stderr) };
}

function ip(...args: string[]): void {
  const { code, err } = run("ip", args);
  assert(code === 0, `ip ${args.join(" ")}: ${err}`);
}

/** A program that runs on a machine. */
export class Program implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  /** All that it has said so far. */
  said = "";
  readonly #ended: Promise<unknown>;
  #hasEnded = false;

  constructor(command: Deno.Command) {
    this.#child = command.spawn();
    this.#ended = Promise.all([
      this.#hear(this.#child.stdout),
      this.#hear(this.#child.stderr),
      this.#child.status,
    ]).then(() => this.#hasEnded = true);
  }

  async #hear(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<void> {
    for await (const text of stream.pipeThrough(new TextDecoderStream())) {
      this.said += text;
    }
  }

  /** Waits until it has said this. */
  async says(what: string | RegExp, deadlineMs = 60_000): Promise<void> {
    const endMs = performance.now() + deadlineMs;
    const has = () =>
      typeof what === "string"
        ? this.said.includes(what)
        : what.test(this.said);
    while (!has()) {
      const isOver = this.#hasEnded || performance.now() > endMs;
      assert(!isOver, `No "${what}" in:\n${this.said}`);
      await delay(20);
    }
  }

  /** Sends a signal, and waits for its end; its exit code. */
  async end(signal: Deno.Signal): Promise<number> {
    this.#child.kill(signal);
    return await this.over();
  }

  /** Waits for its end; its exit code. */
  async over(): Promise<number> {
    await this.#ended;
    return (await this.#child.status).code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#child.kill("SIGKILL");
    } catch (error) {
      // It has ended.
      if (!(error instanceof TypeError)) throw error;
    }
    await this.#ended;
  }
}

/** A machine: a network namespace with an address and a host name. */
export class Machine {
  readonly namespace: string;
  readonly host: string;
  readonly address: string;

  constructor(namespace: string, host: string, address: string) {
    this.namespace = namespace;
    this.host = host;
    this.address = address;
  }

  /** Starts a program. */
  start(program: string, args: string[], options: {
    cwd?: string | URL;
    env?: Record<string, string>;
  } = {}): Program {
    return new Program(
      new Deno.Command("ip", {
        args: ["netns", "exec", this.namespace, program, ...args],
        stdin: "null",
        stdout: "piped",
        stderr: "piped",
        ...options,
      }),
    );
  }

  /** Runs a shell's command to its end. */
  shell(command: string, cwd?: string): Ended {
    const inside = ["netns", "exec", this.namespace, "bash", "-c", command];
    return run("ip", inside, cwd);
  }

  /** Takes its cable out, or puts it in again. */
  plug(isIn: boolean): void {
    ip("-n", this.namespace, "link", "set", "eth0", isIn ? "up" : "down");
  }

  /** Has so many percent of the packets that come to it be lost; 0: none. */
  lose(percent: number): void {
    this.shell("nft delete table inet lossy");
    if (percent === 0) return;
    const { code, err } = this.shell(
      "nft add table inet lossy && " +
        "nft 'add chain inet lossy in { type filter hook input priority 0; }' && " +
        `nft add rule inet lossy in iifname eth0 numgen random mod 100 "<" ${percent} counter drop`,
    );
    assert(code === 0, err);
  }

  /** How many packets were lost. */
  lost(): number {
    const { out } = this.shell("nft list table inet lossy");
    return Number(/counter packets (\d+)/.exec(out)?.[1] ?? 0);
  }

  /** Delays what it sends, in place of narrowing it. */
  delay(ms: number): void {
    const words = delayedBy(ms).join(" ");
    const { code, err } = this.shell(`tc qdisc replace dev eth0 ${words}`);
    assert(code === 0, err);
  }

  /** Narrows what it sends. */
  narrow(rate: string): void {
    const { code, err } = this.shell(
      `tc qdisc replace dev eth0 root tbf rate ${rate} burst 16kb latency 400ms`,
    );
    assert(code === 0, err);
  }
}

/** Machines that are joined, until they are disposed of. */
export class Machines implements Disposable {
  readonly all: readonly Machine[];
  readonly #namespaces: string[] = [];

  /**
   * Makes machines with these host names.
   *
   * @throws {AssertionError} If they can't be made.
   */
  constructor(hosts: readonly string[]) {
    sweep();
    const own = `${PREFIX}${Deno.pid}-`;
    const net = 1 + Deno.pid % 250;
    try {
      const bridge = `${own}bridge`;
      this.#add(bridge);
      ip("-n", bridge, "link", "add", "br0", "type", "bridge");
      ip("-n", bridge, "link", "set", "br0", "up");
      this.all = hosts.map((host, at) => {
        const machine = new Machine(
          `${own}${at}`,
          host,
          `10.77.${net}.${at + 1}`,
        );
        this.#join(machine, bridge, at);
        return machine;
      });
      const names = this.all.map(({ address, host }) => `${address} ${host}\n`);
      for (const { namespace } of this.all) {
        Deno.mkdirSync(`${NAMES}/${namespace}`, { recursive: true });
        Deno.writeTextFileSync(
          `${NAMES}/${namespace}/hosts`,
          `127.0.0.1 localhost\n${names.join("")}`,
        );
      }
    } catch (error) {
      this[Symbol.dispose]();
      throw error;
    }
  }

  #add(namespace: string): void {
    ip("netns", "add", namespace);
    this.#namespaces.push(namespace);
    ip("-n", namespace, "link", "set", "lo", "up");
  }

  #join({ namespace, address }: Machine, bridge: string, at: number): void {
    this.#add(namespace);
    const port = ["peer", "name", `port${at}`, "netns", bridge];
    ip("-n", namespace, "link", "add", "eth0", "type", "veth", ...port);
    ip("-n", bridge, "link", "set", `port${at}`, "master", "br0", "up");
    ip("-n", namespace, "addr", "add", `${address}/24`, "dev", "eth0");
    ip("-n", namespace, "link", "set", "eth0", "up");
  }

  /** Removes them, and ends what runs there. */
  [Symbol.dispose](): void {
    for (const namespace of this.#namespaces) remove(namespace);
  }
}

function remove(namespace: string): void {
  for (const pid of run("ip", ["netns", "pids", namespace]).out.split("\n")) {
    if (pid !== "") run("kill", ["-KILL", pid]);
  }
  run("ip", ["netns", "del", namespace]);
  run("rm", ["-rf", `${NAMES}/${namespace}`]);
}

/** Removes what tests have left that are gone. */
function sweep(): void {
  for (const line of run("ip", ["netns", "list"]).out.split("\n")) {
    const [, namespace, pid] = /^(herd-net-(\d+)-\w+)/.exec(line) ?? [];
    if (namespace === undefined || isAlive(pid!)) continue;
    remove(namespace);
  }
}

function isAlive(pid: string): boolean {
  return run("kill", ["-0", pid]).code === 0;
}
