/**
 * A herd over five machines, with TLS, as `deno task serve` runs it: cables are
 * taken out, packets lost, and who may not come is turned away.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { delay } from "@std/async";
import { whyNone } from "../../bench/run/machines.ts";
import {
  type Machine,
  Machines,
  type Program,
  whyNoDelay,
} from "./machines.ts";
import { unless } from "../skipped.ts";

const ROOT = new URL("../../", import.meta.url);
const NAMES = ["Alford", "Bolden", "Hamilton", "Parker", "Powell"] as const;
const HERD = `
servers:
${
  NAMES.map((name) => `  ${name}: { host: ${hostOf(name)}, port: 12040 }\n`)
    .join("")
}
links:
  - [Alford, Parker]
  - [Alford, Powell]
  - [Bolden, Parker]
  - [Bolden, Powell]
  - [Parker, Hamilton]
`;

function hostOf(name: string): string {
  return `${name.toLowerCase()}.herd.test`;
}

/** Certificates by openssl: an authority, and one of each server. */
const CERTIFICATES = `set -e
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 \
  -subj /CN=herd -keyout ca.key -out ca.pem
for host in ${NAMES.map(hostOf).join(" ")}; do
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=$host \
    -addext subjectAltName=DNS:$host -keyout $host.key -out $host.csr
  openssl x509 -req -in $host.csr -CA ca.pem -CAkey ca.key -days 30 \
    -copy_extensions copy -out $host.pem
done
openssl rand -hex 32 > secret`;

/** A herd that is started on machines. */
class HostedHerd implements AsyncDisposable {
  readonly machines: Machines;
  readonly folder: string;
  readonly servers = new Map<string, Program>();

  constructor() {
    this.machines = new Machines([...NAMES.map(hostOf), "client.herd.test"]);
    this.folder = Deno.makeTempDirSync({ prefix: "herd-hosts-" });
    Deno.writeTextFileSync(`${this.folder}/herd.yaml`, HERD);
    const { code, err } = this.client.shell(CERTIFICATES, this.folder);
    assertEquals(code, 0, err);
  }

  get client(): Machine {
    return this.machines.all.at(-1)!;
  }

  machine(name: string): Machine {
    return this.machines.all[NAMES.findIndex((it) => it === name)]!;
  }

  start(name: string, options: readonly string[] = this.secure(name)): Program {
    const server = this.machine(name).start(Deno.execPath(), [
      ...["run", "--quiet", "--no-check", "-P=herd"],
      ...["sim/live/cli/serve_main.ts", name],
      ...["--herd", `${this.folder}/herd.yaml`, "--status", "127.0.0.1:9100"],
      ...options,
    ], { cwd: ROOT });
    this.servers.set(name, server);
    return server;
  }

  secure(name: string): string[] {
    const file = `${this.folder}/${hostOf(name)}`;
    return [
      ...["--tls-cert", `${file}.pem`, "--tls-key", `${file}.key`],
      ...["--tls-ca", `${this.folder}/ca.pem`],
      ...["--secret-file", `${this.folder}/secret`],
    ];
  }

  /** What a server answers a client by TLS. */
  ask(name: string, line: string): string {
    const host = hostOf(name);
    const { out } = this.client.shell(
      `coproc C { exec openssl s_client -quiet -verify_return_error ` +
        `-CAfile ca.pem -servername ${host} -connect ${host}:12040 2>&1; }; ` +
        `echo '${line}' >&\${C[1]}; until IFS= read -r -t 10 -u \${C[0]} it && ` +
        `[[ $it == AT* || $it == \\?* ]]; do [[ -n $it ]] || break; done; ` +
        `echo "$it"; kill $C_PID`,
      this.folder,
    );
    return out;
  }

  /** Waits until a server knows where a client is. */
  async knows(name: string, client: string, position: string): Promise<void> {
    const endMs = performance.now() + 60_000;
    for (;;) {
      const reply = this.ask(name, `WHATSAT ${client} 1 1`);
      if (reply.includes(position)) return;
      assert(performance.now() < endMs, `${name} answers ${reply}`);
      await delay(100);
    }
  }

  /** What a server tells of itself. */
  status(name: string, path: string): string {
    return this.machine(name).shell(
      `exec 3<>/dev/tcp/127.0.0.1/9100; printf 'GET ${path} HTTP/1.1\\r\\n` +
        `Host: x\\r\\nConnection: close\\r\\n\\r\\n' >&3; cat <&3`,
    ).out;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const server of this.servers.values()) {
      await server[Symbol.asyncDispose]();
    }
    this.machines[Symbol.dispose]();
    await Deno.remove(this.folder, { recursive: true });
  }
}

const why = whyNone("openssl", "nft", "tc", "bash");
const noDelay = why ?? whyNoDelay();

Deno.test({
  ...unless(
    why,
    "a herd over five machines by TLS: parted, and with packets lost, it converges",
  ),
  async fn(test) {
    await using herd = new HostedHerd();
    for (const name of NAMES) herd.start(name);

    await test.step("links come up by host names", async () => {
      for (const [name, server] of herd.servers) {
        await server.says(/link to \w+ up/);
        assert(herd.status(name, "/healthz").includes("200 OK"));
        assert(herd.status(name, "/readyz").includes("ready"));
      }
      assert(
        herd.ask("Alford", "IAMAT kiwi +34-118 1").startsWith("AT Alford"),
      );
      for (const name of NAMES) await herd.knows(name, "kiwi", "+34-118");
    });

    await test.step("a machine whose cable was out is brought up to date", async () => {
      const parker = herd.servers.get("Parker")!;
      herd.machine("Parker").plug(false);
      await parker.says(
        /link to Alford down[^]*link to Bolden down|link to Bolden down[^]*link to Alford down/,
      );
      herd.ask("Alford", "IAMAT kiwi +35-119 2");
      await herd.knows("Bolden", "kiwi", "+35-119");
      herd.machine("Parker").plug(true);
      await herd.knows("Parker", "kiwi", "+35-119");
      await herd.knows("Hamilton", "kiwi", "+35-119");
    });

    await test.step("with 5 % of the packets lost and a narrow wire, too", async () => {
      for (const name of NAMES) herd.machine(name).lose(5);
      herd.machine("Powell").narrow("2mbit");
      for (let at = 0; at < 10; at++) {
        const to = NAMES[at % NAMES.length]!;
        assert(
          herd.ask(to, `IAMAT fig-${at} +${at}-${at} 1`).startsWith("AT "),
        );
      }
      for (const name of NAMES) {
        for (const at of [0, 4, 9]) {
          await herd.knows(name, `fig-${at}`, `+${at}-${at}`);
        }
      }
      const lost = NAMES.map((name) => herd.machine(name).lost());
      assert(lost.some((count) => count > 0), String(lost));
      for (const name of NAMES) herd.machine(name).lose(0);
    });

    await test.step({
      ...unless(noDelay, "with packets that the kernel delays, too"),
      async fn() {
        for (const name of NAMES) herd.machine(name).delay(50);
        const began = performance.now();
        const told = herd.ask("Alford", "IAMAT elm +36-117 3");
        assert(told.startsWith("AT Alford"), told);
        assert(performance.now() - began >= 100, "accepted, and answered");
        for (const name of NAMES) await herd.knows(name, "elm", "+36-117");
        for (const name of NAMES) herd.machine(name).delay(0);
      },
    });

    await test.step("metrics tell of links and clocks", () => {
      const metrics = herd.status("Alford", "/metrics");
      assert(metrics.includes('herd_link_up{server="Alford",peer="Parker"} 1'));
      assert(metrics.includes("herd_link_clock_ahead_seconds{"), metrics);
    });

    await test.step("each ends in good order", async () => {
      for (const server of herd.servers.values()) {
        assertEquals(await server.end("SIGTERM"), 0, server.said);
      }
    });
  },
});

Deno.test({
  ...unless(
    why,
    "who may not come to a herd over machines is turned away, and told why",
  ),
  async fn() {
    await using herd = new HostedHerd();
    const alford = herd.start("Alford");
    await alford.says("listens on");

    // A client that does not know the authority.
    const host = hostOf("Alford");
    const { code, err } = herd.client.shell(
      `echo | openssl s_client -verify_return_error -connect ${host}:12040`,
    );
    assert(code !== 0 && err.includes("verify error"), err);
    await alford.says("does not know who vouches for our certificate");

    // One that speaks plain text.
    herd.client.shell(
      `exec 3<>/dev/tcp/${host}/12040; echo 'IAMAT kiwi +0-0 1' >&3; cat <&3`,
    );
    await alford.says("speaks plain text");

    // A server without the secret, and one with another.
    const without = herd.start("Parker", herd.secure("Parker").slice(0, -2));
    await without.says("the herd's secret is missing");
    Deno.writeTextFileSync(`${herd.folder}/other`, "6b".repeat(32));
    const options = herd.secure("Powell").slice(0, -1);
    await using other = herd.start("Powell", [
      ...options,
      `${herd.folder}/other`,
    ]);
    await other.says("wrong proof");
    await alford.says("wrong proof");

    // One whose links would be plain text, and one that insists on it.
    const secret = ["--secret-file", `${herd.folder}/secret`];
    const plain = herd.start("Parker", secret);
    await plain.says(`the link to Alford on ${host} would be plain text`);
    await using insists = herd.start("Parker", [...secret, "--insecure-links"]);
    await insists.says("listens on");
    await alford.says(
      "no link to Parker: what came is no TLS: the other side speaks plain text",
    );
    assert(!alford.said.includes("link to Parker up"), alford.said);
  },
});
