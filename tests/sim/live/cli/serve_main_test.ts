/**
 * Servers as programs of their own.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { freePorts } from "../../../free_ports.ts";
import { Client } from "../../../../herd/net/client.ts";
import { asUsage, main } from "../../../../sim/live/cli/serve_main.ts";
import { UsageError } from "../../../../sim/live/cli/usage_error.ts";
import { printed } from "./printed.ts";

const PLACE = "+34.1-118.4";
const FAR = JSON.stringify({
  Parker: { host: "127.0.0.1", port: 1 },
  Powell: { host: "far.example", port: 1 },
});
const [FREE = 0] = freePorts(1);
const SECRET = { HERD_SECRET: "5a".repeat(32) };
/** Has no neighbours. */
const LONE = ["s0", "--topology", "line:1", "--port", `${FREE}`];
const ROOT = new URL("../../../../", import.meta.url);

function serve(args: string[], env: Record<string, string> = {}) {
  return new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--quiet", "--no-check", "-P=herd"],
      ...["sim/live/cli/serve_main.ts", ...args],
    ],
    cwd: ROOT,
    env,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
}

Deno.test("serve: servers in programs of their own make a herd, and stop when they are told", async () => {
  const [one = 0, two = 0] = freePorts(2);
  const ports = { s0: one, s1: two };
  const env = SECRET;
  const servers = Object.entries(ports).map(([name, port]) => {
    const [[peer, at] = ["", 0]] = Object.entries(ports)
      .filter(([other]) => other !== name);
    const peers = JSON.stringify({ [peer]: { host: "127.0.0.1", port: at } });
    const options = ["--topology", "line:2", "--port", String(port)];
    return serve([name, ...options, "--peers", peers], env).spawn();
  });
  const outputs = servers.map(({ stdout }) =>
    stdout.pipeThrough(new TextDecoderStream()).getReader()
  );
  const texts = await Promise.all(outputs.map(async (reader) => {
    let text = "";
    while (!/^link to s\d up$/m.test(text)) {
      const { value, done } = await reader.read();
      if (done) break;
      text += value;
    }
    return text;
  }));
  assertStringIncludes(texts[0]!, `s0 listens on 127.0.0.1:${one}\n`);
  const address = (port: number) => ({ hostname: "127.0.0.1", port });
  await using near = await Client.connect(address(one));
  const { line } = await near.iamat("kiwi", "+34.1-118.4");
  await using far = await Client.connect(address(two));
  // It comes to the other server some time after the first has acknowledged it.
  while ((await far.send("WHATSAT kiwi 1 1")).startsWith("?"));
  assertEquals((await far.whatsat("kiwi", 1, 1)).at.line, line);
  await Promise.all([near.close(), far.close()]);
  for (const server of servers) server.kill("SIGINT");
  for (const [at, server] of servers.entries()) {
    const { code } = await server.status;
    assertEquals(code, 0);
    await outputs[at]!.cancel();
    await server.stderr.cancel();
  }
});

Deno.test("serve --data-dir: a server that is started again holds what it held", async () => {
  const folder = await Deno.makeTempDir();
  const [port = 0, other = 0] = freePorts(2);
  const address = { hostname: "127.0.0.1", port };
  const options = ["--topology", "line:1", "--data-dir", folder];
  const start = async () => {
    const args = ["s0", ...options, "--port", String(port)];
    const server = serve(args, { HERD_SECRET: "5a".repeat(32) }).spawn();
    const output = server.stdout.getReader();
    await output.read();
    return async () => {
      server.kill("SIGTERM");
      assertEquals((await server.status).code, 0);
      await output.cancel();
      await server.stderr.cancel();
    };
  };
  const stop = await start();
  const { line } = await told(address, (it) => it.iamat("kiwi", PLACE));
  const { stderr } = await serve([
    ...["s0", ...options, "--port", String(other)],
  ], { HERD_SECRET: "5a".repeat(32) }).output();
  assertStringIncludes(new TextDecoder().decode(stderr), "another server does");
  await stop();
  const stopAgain = await start();
  const { at } = await told(address, (it) => it.whatsat("kiwi", 1, 1));
  assertEquals(at.line, line);
  await stopAgain();
  await Deno.remove(folder, { recursive: true });
});

Deno.test("serve --status: whether a server lives, is ready, and its metrics", async () => {
  const [port = 0, status = 0] = freePorts(2);
  const args = ["s0", "--topology", "line:2", "--port", String(port)];
  const peers = JSON.stringify({ s1: { host: "127.0.0.1", port: 1 } });
  const server = serve(
    [...args, "--peers", peers, "--status", `127.0.0.1:${status}`],
    { HERD_SECRET: "5a".repeat(32) },
  ).spawn();
  const output = server.stdout.getReader();
  await output.read();
  const ask = async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${status}${path}`);
    return `${response.status} ${await response.text()}`;
  };
  assertEquals(await ask("/healthz"), "200 ok\n");
  assertEquals(await ask("/readyz"), "503 no link is up\n");
  assertStringIncludes(
    await ask("/metrics"),
    'herd_server_records{server="s0"} 0',
  );
  assertStringIncludes(await ask("/"), "404 ");
  assertStringIncludes(
    await raw(status, "GET / HTTP/1.0\r\nHost: [\r\n\r\n"),
    " 404 ",
  );
  server.kill("SIGTERM");
  assertEquals((await server.status).code, 0);
  await output.cancel();
  assertEquals(await new Response(server.stderr).text(), "");
});

/** What a port answers to a text. */
async function raw(port: number, text: string): Promise<string> {
  using conn = await Deno.connect({ port });
  await conn.write(new TextEncoder().encode(text));
  const bytes = new Uint8Array(1_024);
  const count = await conn.read(bytes) ?? 0;
  return new TextDecoder().decode(bytes.subarray(0, count));
}

/** What a new client is told. */
async function told<T>(
  address: { hostname: string; port: number },
  ask: (client: Client) => Promise<T>,
): Promise<T> {
  await using client = await Client.connect(address);
  return await ask(client);
}

for (
  const [args, told] of [
    [["Alfred"], 'no server "Alfred" in 2014, did you mean Alford?'],
    [["Alford"], "the herd's secret is missing"],
    [["Alford", "Parker"], "Alford, Parker: a program runs one server"],
    [["Alford", "--herd", "nope"], "--herd: there is no file nope"],
    [
      ["Alford", "--peers", '{"Parker":{"port":1}}'],
      "--peers: it does not say where Powell is",
    ],
    [
      ["Alford", "--herd", new URL("topologies/2014.yaml", ROOT).pathname],
      "does not say where Alford is",
    ],
    [["Alford", "--herd", "a.yaml", "--topology", "2014"], "give one of them"],
    [["Alford", "--tls-cert", "a.pem"], "TLS needs both"],
    [
      ["Alford", "--peers", FAR],
      "the link to Powell on far.example would be plain text: give --tls-cert",
    ],
    [
      ["Alford", "--peers", FAR, "--insecure-links"],
      "the herd's secret is missing",
    ],
    [["Alford", "--ws-origins", "*"], "has no ws port of Alford"],
    [["Alford", "--status", "9100"], '"9100" is no HOST:PORT'],
    [[...LONE, "--status", "a:b:9100"], '"a:b:9100" is no HOST:PORT'],
    [
      [...LONE, "--durable", "disk"],
      "Cannot be durable by disk: no folder for data is named (--data-dir",
    ],
    [
      [...LONE, "--durable", "peer"],
      "Cannot be durable by peer: no neighbour is named",
    ],
  ] as const
) {
  Deno.test(`serve ${args.join(" ").replace(ROOT.pathname, "")}: what is wrong is said in a line`, async () => {
    const secret = await Deno.makeTempFile();
    try {
      await Deno.writeTextFile(secret, SECRET.HERD_SECRET);
      const rest = args[0] === "s0" ? ["--secret-file", secret] : [];
      const { code, out, err } = await printed(() => main([...args, ...rest]));
      assertEquals([code, out], [2, ""]);
      assertStringIncludes(err, told);
      assertEquals(err.trim().split("\n").length, 1);
    } finally {
      await Deno.remove(secret);
    }
  });
}

Deno.test("serve: where there is a hub, no server may have its name, which is said in a line", async () => {
  const folder = await Deno.makeTempDir();
  const file = `${folder}/herd.yaml`;
  const text = "servers: { hub: 12100, Elm: 12101 }\nlinks: [[hub, Elm]]\n";
  await Deno.writeTextFile(file, text);
  await Deno.writeTextFile(`${folder}/secret`, SECRET.HERD_SECRET);
  const args = ["Elm", "--topology", file, "--hub", "nats://127.0.0.1:1"];
  const rest = ["--secret-file", `${folder}/secret`, "--insecure-links"];
  const { code, err } = await printed(() => main([...args, ...rest]));
  const why = "Cannot have a hub: a server of herd is called hub\n";
  assertEquals([code, err], [2, why]);
  await Deno.remove(folder, { recursive: true });
});

// As programs, for the tests themselves may use no other host.
for (
  const [option, told] of [
    [["--status", "203.0.113.9:9100"], "--status: this machine has no"],
    [["--status", "no.invalid:1"], "--status: there is no such host"],
    [["--listen", "no.invalid"], "--listen: there is no such host"],
  ] as const
) {
  Deno.test(`serve ${option.join(" ")}: what is wrong is said in a line`, async () => {
    const args = [...LONE, ...option];
    const { code, stderr } = await serve(args, SECRET).output();
    const err = new TextDecoder().decode(stderr);
    assertEquals(code, 2, err);
    assertStringIncludes(err, told);
    assertEquals(err.trim().split("\n").length, 1);
  });
}

Deno.test("asUsage() says which port can't be had", () => {
  const ways = { ws: { port: 81 }, udp: { port: 5_000 } };
  const table: [error: Error, ways: typeof ways | undefined, told: string][] = [
    [
      new Deno.errors.PermissionDenied("x"),
      undefined,
      "port 80 is not for this",
    ],
    [
      new Deno.errors.PermissionDenied("x"),
      ways,
      "port 80, 81 is not for this",
    ],
    [new Deno.errors.AddrInUse("x"), undefined, "port 80 is taken"],
    [new Deno.errors.AddrInUse("x"), ways, "one of the ports 80, 81, 5000 is"],
  ];
  for (const [error, ways, told] of table) {
    const usage = asUsage(error, { port: 80, ...ways && { ways } });
    assert(usage instanceof UsageError);
    assertStringIncludes(usage.message, told);
  }
});

Deno.test("serve exits with 2 where it is called wrongly", async () => {
  const { code, stderr } = await serve(["Alfred"]).output();
  assertEquals(code, 2);
  assertStringIncludes(new TextDecoder().decode(stderr), "did you mean Alford");
});
