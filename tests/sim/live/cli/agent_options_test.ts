import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { parseAgentArguments } from "../../../../sim/live/cli/agent_options.ts";
import type { BringArguments } from "../../../../sim/live/cli/bring_options.ts";
import { parseHerdArguments } from "../../../../sim/live/cli/herd_options.ts";
import { hostsOf, openHosts } from "../../../../sim/live/cli/hosts_options.ts";
import { herdOptions } from "../../../../sim/live/cli/run_herd.ts";
import { topologyOf } from "../../../../sim/live/cli/topology_option.ts";
import { UsageError } from "../../../../sim/live/cli/usage_error.ts";

const SECRET = "5a".repeat(32);

function withSecret(run: (file: string) => void): void {
  const file = Deno.makeTempFileSync();
  try {
    Deno.writeTextFileSync(file, `${SECRET}\n`);
    run(file);
  } finally {
    Deno.removeSync(file);
  }
}

Deno.test("parseAgentArguments() listens to others by TLS only, unless it is told", () => {
  withSecret((file) => {
    const parse = (...args: string[]) =>
      parseAgentArguments([...args, "--secret-file", file]);
    assertEquals(parse("--listen", "127.0.0.1"), {
      address: { hostname: "127.0.0.1", port: 12_090 },
      secret: SECRET,
    });
    assertEquals(parse("--insecure", "--listen", "[::]:7", "--log-dir", "l"), {
      address: { hostname: "::", port: 7 },
      secret: SECRET,
      logDirectory: "l",
    });
    assertThrows(() => parse(), UsageError, "by plain text");
    assertThrows(() => parse("--listen", "0.0.0.0"), UsageError, "plain text");
    assertThrows(() => parse("--listen", ":1"), UsageError, "no HOST:PORT");
    assertThrows(() => parse("--listen", "h:0"), UsageError, "from 1 to");
    const here = ["--listen", "127.0.0.1"];
    const { bring } = parse(...here, "--bring", "python3 s.py {name}") as {
      bring?: BringArguments;
    };
    assertEquals(bring?.command, ["python3", "s.py", "{name}"]);
    assertThrows(
      () => parse(...here, "--bring", "x {nme}"),
      UsageError,
      "--bring: no {nme}",
    );
    assertThrows(
      () => parse(...here, "--isolate", "shim"),
      UsageError,
      "--isolate goes with --bring",
    );
    assertThrows(() => parse("x"), UsageError, '"x" is no option');
  });
  assertEquals(parseAgentArguments(["--help"]), "help");
  assertThrows(
    () => parseAgentArguments(["--listen", "127.0.0.1"]),
    UsageError,
    "the secret is missing",
  );
});

Deno.test("hostsOf() takes agents with their ports, for the world of hosts alone", () => {
  withSecret((file) => {
    const told = { hosts: "ash.example, [::1]:7", "secret-file": file };
    assertEquals(hostsOf(told, "hosts").hosts, {
      isInsecure: false,
      secret: SECRET,
      ownOptions: [],
      agents: [
        { hostname: "ash.example", port: 12_090 },
        { hostname: "::1", port: 7 },
      ],
    });
    assertThrows(
      () => hostsOf(told, "processes"),
      UsageError,
      "--hosts goes with --world hosts",
    );
    assertThrows(
      () => hostsOf({ ...told, "tls-ca": "ca", insecure: true }, "hosts"),
      UsageError,
      "--insecure: by plain text nobody is vouched for",
    );
  });
  assertEquals(hostsOf({}, undefined), {});
  assertThrows(() => hostsOf({}, "hosts"), UsageError, "secret is missing");
  assertThrows(
    () => hostsOf({ insecure: true }, undefined),
    UsageError,
    "--insecure goes with --world hosts",
  );
});

Deno.test("herdOptions() never has links prove the agents' secret", () => {
  withSecret((file) => {
    const secretIn = (...args: string[]) => {
      const all = [...args, "--no-log", "--secret-file", file];
      const asked = parseHerdArguments(all);
      if (asked === "help") throw new TypeError("No help was asked for");
      return herdOptions(asked, topologyOf(asked.topology)).secret;
    };
    assertEquals(
      secretIn("--world", "hosts", "--hosts", "localhost"),
      undefined,
    );
    assertEquals(secretIn("--world", "processes"), SECRET);
  });
});

Deno.test("openHosts() takes no loopback beside other hosts", async () => {
  const agents = ["elm.example", "localhost"]
    .map((hostname) => ({ hostname, port: 1 }));
  await assertRejects(
    () =>
      openHosts(
        { agents, isInsecure: true, secret: SECRET, ownOptions: [] },
        topologyOf("2014"),
        () => {},
        new AbortController().signal,
      ),
    UsageError,
    "elm.example can't reach servers on localhost",
  );
});
