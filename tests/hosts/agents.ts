/**
 * Machines with an agent each, which are network namespaces, and one for the
 * workbench.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { delay } from "@std/async";
import { type Machine, Machines, type Program } from "./machines.ts";

const ROOT = new URL("../../", import.meta.url);
const DENO = ["run", "--quiet", "--no-check", "-P=herd"];

/** The machines of agents. */
export const HOSTS = ["ash.herd.test", "elm.herd.test", "oak.herd.test"];

const CERTIFICATES = `set -e
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 \
  -subj /CN=herd -keyout ca.key -out ca.pem
for host in ${HOSTS.join(" ")}; do
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=$host \
    -addext subjectAltName=DNS:$host -keyout $host.key -out $host.csr
  openssl x509 -req -in $host.csr -CA ca.pem -CAkey ca.key -days 30 \
    -copy_extensions copy -out $host.pem
done
openssl rand -hex 32 > secret
openssl rand -hex 32 > other`;

/** Those machines. */
export class Agents implements AsyncDisposable {
  readonly machines = new Machines([...HOSTS, "work.herd.test"]);
  readonly folder = Deno.makeTempDirSync({ prefix: "herd-agents-" });
  readonly agents: Program[];
  readonly #options: readonly string[];

  /** @param options Further ones of each agent; `{address}` is its machine's. */
  constructor(...options: string[]) {
    this.#options = options;
    const { code, err } = this.workbench.shell(CERTIFICATES, this.folder);
    assertEquals(code, 0, err);
    this.agents = HOSTS.map((host, at) => this.start(host, at));
  }

  get workbench(): Machine {
    return this.machines.all.at(-1)!;
  }

  start(host: string, at: number): Program {
    const file = `${this.folder}/${host}`;
    const machine = this.machines.all[at]!;
    return machine.start(Deno.execPath(), [
      ...[...DENO, "sim/live/cli/agent_main.ts"],
      ...["--secret-file", `${this.folder}/secret`],
      ...["--tls-cert", `${file}.pem`, "--tls-key", `${file}.key`],
      ...this.#options.map((it) => it.replace("{address}", machine.address)),
    ], { cwd: ROOT });
  }

  drill(name: string, ...options: string[]): Program {
    return this.#work("scenario_main.ts", name, ...options);
  }

  /** A herd that takes commands; nobody gives it any. */
  prompt(): Program {
    return this.#work("herd_main.ts", "--no-log", "--no-page");
  }

  #work(main: string, ...options: string[]): Program {
    const secret = options.includes("--secret-file")
      ? []
      : ["--secret-file", `${this.folder}/secret`];
    return this.workbench.start(Deno.execPath(), [
      ...[...DENO, `sim/live/cli/${main}`],
      ...["--world", "hosts", "--hosts", HOSTS.join(",")],
      ...["--tls-ca", `${this.folder}/ca.pem`],
      ...[...secret, ...options],
    ], { cwd: ROOT });
  }

  /** The servers and proxies that run on a machine, beside its agent. */
  children(at: number): number {
    const { out } = this.machines.all[at]!.shell(
      "for pid in $(ip netns pids $(ip netns identify)); do " +
        "tr '\\0' ' ' < /proc/$pid/cmdline 2>/dev/null; echo; done",
    );
    return out.split("\n")
      .filter((it) =>
        /serve_main|proxy_process|guard\.py|server\.py \w/.test(it)
      )
      .length;
  }

  /** Waits until nothing that an agent has started runs on a machine. */
  async untilEmpty(at: number): Promise<void> {
    const endMs = performance.now() + 60_000;
    while (this.children(at) > 0) {
      assert(performance.now() < endMs, `${HOSTS[at]} has children left`);
      await delay(50);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const agent of this.agents) await agent[Symbol.asyncDispose]();
    this.machines[Symbol.dispose]();
    await Deno.remove(this.folder, { recursive: true });
  }
}
