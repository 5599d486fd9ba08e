import { assertEquals } from "@std/assert";
import { parseManifest } from "../../../sim/model/manifest.ts";
import { printProblem } from "../../../sim/model/problem.ts";

const EXAMPLE = new URL(
  "../../../sim/worlds/processes/manifest/example.yaml",
  import.meta.url,
);

Deno.test("parseManifest() reads all that a manifest may say", () => {
  const text = Deno.readTextFileSync(EXAMPLE);
  const { manifest, problems } = parseManifest(text, "herd.yaml");
  assertEquals(problems, []);
  assertEquals(manifest, {
    command: "python3 server.py {name}",
    topology: "2021",
    isolate: "netns",
    python: "3.9",
    ports: {
      Riley: 12110,
      Jaquez: 12111,
      Juzang: 12112,
      Campbell: 12113,
      Bernard: 12114,
    },
    make: { "logs/": "", "keys.json": '{"google": "any"}' },
    setup: ["PEER {peer} {peer_port}", "BEGIN"],
    ready: "Serving on",
    stop: "SIGTERM",
    catches_up: "always",
    dialect: {
      line_end: "crlf",
      half_close: "never",
      reply_end: "close",
      at: "AT {server} {difference} {client} {position} {time}",
      unknown_client: "? {line}",
      bad_line: "?",
      probe: "WHATSAT {client} 10 5",
    },
  });
});

Deno.test({
  name: "parseManifest() takes an empty file, for all is found out",
  fn() {
    assertEquals(parseManifest("", "herd.yaml").manifest, {});
    assertEquals(parseManifest("# nothing\n", "herd.yaml").manifest, {});
  },
});

Deno.test({
  name: "parseManifest() says where what is wrong, and what may be meant",
  fn() {
    const rows: [text: string, told: string][] = [
      [
        "comand: a\n",
        "1:1: error: unknown field comand, did you mean command?",
      ],
      [
        "dialect:\n  line: lf\n",
        "2:3: error: unknown field line, there is line_end, half_close, " +
        "reply_end, at, unknown_client, bad_line, probe",
      ],
      [
        "dialect: {line_end: crfl}\n",
        "1:21: error: it is one of lf, crlf, did you mean crlf?",
      ],
      [
        "ports: {Riley: 99999}\n",
        "1:16: error: a port is a number from 1 to 65535",
      ],
      ["ports: [1, 2]\n", "1:8: error: it must be a map"],
      ["make: {../out: text}\n", "1:8: error: it must be below the folder"],
      ["make: {/etc/x: text}\n", "1:8: error: it must be below the folder"],
      ["setup: HELLO\n", "1:8: error: it must be a list"],
      ["ready: ''\n", "1:8: error: it must not be empty"],
      [
        "setup: ['HI {nam}']\n",
        "1:9: error: no {nam}, there is {name}, {host}, {port}, {peers_json}, " +
        "{peer}, {peer_port}",
      ],
      ["dialect: {probe: WHATSAT}\n", "1:18: error: it needs {client}"],
      ["python: three\n", "1:9: error: a version is such as 3.9"],
      [
        "stop: SIGSTOP\n",
        "1:7: error: it is one of SIGINT, SIGTERM, SIGHUP, " +
        "SIGQUIT, SIGKILL, did you mean SIGHUP?",
      ],
      ["- command\n", "1:1: error: it must be a map of fields"],
    ];
    for (const [text, told] of rows) {
      const { manifest, problems } = parseManifest(text, "herd.yaml");
      assertEquals(manifest, undefined, text);
      const [first] = problems.map((it) => printProblem(it).split("\n")[0]);
      assertEquals(first, `herd.yaml:${told}`);
    }
  },
});
