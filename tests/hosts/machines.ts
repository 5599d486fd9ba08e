/**
 * Machines as tests use them: programs run there, and what is sent between them
 * is delayed, narrowed or lost.
 *
 * @module
 */
import { delay } from "@std/async";
import { assert } from "@std/assert";
import {
  type Ended,
  Machine as BareMachine,
  Machines as JoinedMachines,
  run,
} from "../../bench/run/machines.ts";

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

/** A machine. */
export class Machine extends BareMachine {
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
    const { code, err } = this.shell(
      `tc qdisc replace dev eth0 root netem delay ${ms}ms`,
    );
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
export class Machines extends JoinedMachines<Machine> {
  constructor(hosts: readonly string[]) {
    super(hosts, Machine);
  }
}

/** Why machines can't have the kernel delay packets; `undefined` if they can. */
export function whyNoDelay(): string | undefined {
  using machines = new Machines(["probe"]);
  const { code } = machines.all[0]!.shell(
    "tc qdisc replace dev eth0 root netem delay 1ms",
  );
  return code === 0 ? undefined : "the kernel has no netem";
}
