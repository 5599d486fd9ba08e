/**
 * Machines for tests and benchmarks: network namespaces, joined by a bridge that is in one of
 * its own. Nothing outside of them is changed but `/etc/netns`, where their host
 * names stand, and all is removed at the end. What a run that was killed has left
 * behind is removed by the next.
 *
 * @module
 */
import { assert } from "@std/assert";

const PREFIX = "herd-net-";
const NAMES = "/etc/netns";

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

/** Runs a program to its end. */
export function run(program: string, args: string[], cwd?: string): Ended {
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

/** A machine: a network namespace with an address and a host name. */
export class Machine {
  constructor(
    readonly namespace: string,
    readonly host: string,
    readonly address: string,
  ) {}

  /** Takes its cable out, or puts it in again. */
  plug(isIn: boolean): void {
    ip("-n", this.namespace, "link", "set", "eth0", isIn ? "up" : "down");
  }
}

/** Machines that are joined, until they are disposed of. */
export class Machines<Kind extends Machine = Machine> implements Disposable {
  readonly all: readonly Kind[];
  readonly #namespaces: string[] = [];

  /**
   * Makes machines with these host names.
   *
   * @throws {AssertionError} If they can't be made.
   */
  constructor(
    hosts: readonly string[],
    kind: new (...of: ConstructorParameters<typeof Machine>) => Kind,
  ) {
    sweep();
    const own = `${PREFIX}${Deno.pid}-`;
    const net = 1 + Deno.pid % 250;
    try {
      const bridge = `${own}bridge`;
      this.#add(bridge);
      ip("-n", bridge, "link", "add", "br0", "type", "bridge");
      ip("-n", bridge, "link", "set", "br0", "up");
      this.all = hosts.map((host, at) => {
        const address = `10.77.${net}.${at + 1}`;
        const machine = new kind(`${own}${at}`, host, address);
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
