import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import {
  HERD_HELP,
  parseHerdArguments,
} from "../../../../sim/live/cli/herd_options.ts";
import { UsageError } from "../../../../sim/live/cli/usage_error.ts";

const DEFAULTS = {
  topology: "2014",
  logLevel: "INFO",
  restart: "transient",
  intensity: { restarts: 3, periodMs: 5_000 },
  backoff: { minMs: 0, maxMs: 0 },
  json: false,
  stopsAtEnd: false,
  logDirectory: "logs",
  pagePort: 0,
} as const;

Deno.test({
  name: "parseHerdArguments() gives what is asked for, and else the defaults",
  permissions: "none",
  fn() {
    const { logDirectory: _, ...withoutLog } = DEFAULTS;
    const { pagePort: __, ...withoutPage } = DEFAULTS;
    const lines: [args: string[], expected: unknown][] = [
      [[], DEFAULTS],
      [["--help"], "help"],
      [["--no-log"], withoutLog],
      [["--no-page"], withoutPage],
      [["--page-port", "4567"], { ...DEFAULTS, pagePort: 4_567 }],
      [["--json", "--topology", "ring:8"], {
        ...DEFAULTS,
        json: true,
        topology: "ring:8",
      }],
      [["--mode", "tree"], { ...DEFAULTS, mode: "tree" }],
      [["--ways", "tls, udp,tls"], { ...DEFAULTS, ways: ["tls", "udp"] }],
      [["--ways=ws", "--no-log"], { ...withoutLog, ways: ["ws"] }],
      [["--world", "processes"], { ...DEFAULTS, world: "processes" }],
      [["--topology=2020", "--port-base=3000"], {
        ...DEFAULTS,
        topology: "2020",
        portBase: 3000,
      }],
      [["--secret-file", "key", "--log-dir", "x/y", "--log-level", "DEBUG"], {
        ...DEFAULTS,
        secretFile: "key",
        logDirectory: "x/y",
        logLevel: "DEBUG",
      }],
      [["--restart", "permanent", "--intensity", "0", "--period", "0.5"], {
        ...DEFAULTS,
        restart: "permanent",
        intensity: { restarts: 0, periodMs: 500 },
      }],
      [["--backoff", "100ms-2s"], {
        ...DEFAULTS,
        backoff: { minMs: 100, maxMs: 2_000 },
      }],
      [["--backoff", "1s"], {
        ...DEFAULTS,
        backoff: { minMs: 1_000, maxMs: 1_000 },
      }],
      [
        [
          "--limit",
          "clients_max=7",
          "--limit=query_max=1m",
          "--future-max=0ms",
        ],
        {
          ...DEFAULTS,
          limits: { clientsMax: 7, queryMsMax: 60_000, futureMsMax: 0 },
        },
      ],
      [["--limit", "clients_max=7", "--limit", "clients_max=8"], {
        ...DEFAULTS,
        limits: { clientsMax: 8 },
      }],
      [["--places", "http://127.0.0.1:99/"], {
        ...DEFAULTS,
        places: "http://127.0.0.1:99",
      }],
    ];
    for (const [args, expected] of lines) {
      assertEquals(parseHerdArguments(args), expected as never, args.join(" "));
    }
  },
});

Deno.test({
  name: "parseHerdArguments() names the option, and what was meant",
  permissions: "none",
  fn() {
    const lines: [args: string[], message: string][] = [
      [["--topolgy", "2014"], "no option --topolgy, did you mean --topology?"],
      [["--port-bse=1"], "no option --port-bse=1, did you mean --port-base?"],
      [["--zzzzzzzzzzz"], "no option --zzzzzzzzzzz, see --help"],
      [["2014"], '"2014" is no option, see --help'],
      [["--mode", "treee"], '--mode: no "treee", did you mean tree?'],
      [["--mode="], "--mode needs a value"],
      [["--world", "procesess"], "did you mean processes?"],
      [
        ["--world", "processes", "--bring", "python3 server.py"],
        "what is brought runs in processes",
      ],
      [
        ["--world", "hosts", "--bring", "python3 server.py"],
        "what is brought is the agents' to say",
      ],
      [["--bring", ""], "--bring needs a value"],
      [["--topology", ""], "--topology needs a value"],
      [[""], '"" is no option, see --help'],
      [["--bring", " "], "--bring: the command is empty"],
      [["--bring", "''"], "--bring: the command is empty"],
      [
        ["--bring", "x", "--mode", "tree"],
        "--mode: servers that are brought know nothing of it",
      ],
      [
        ["--bring", "x", "--limit", "query_max=1s"],
        "--limit: servers that are brought know nothing of it",
      ],
      [["--bring", "x", "--ways", "ws"], "--ways: servers that are brought"],
      [["--ways", "wss"], '--ways: no "wss", did you mean ws?'],
      [["--ways", "tls", "--no-log"], "so not with --no-log"],
      [["--page-port", "0"], '"0" is no whole number from 1 to 65535'],
      [["--no-page", "--page-port", "1"], "there is no page with --no-page"],
      [["--topology"], "--topology needs a value"],
      [["--topology", "--json"], "--topology needs a value"],
      [["--port-base", "0"], '"0" is no whole number from 1 to 65535'],
      [["--port-base", "65536"], '"65536" is no whole number'],
      [["--port-base", "0x50"], '"0x50" is no whole number'],
      [["--secret", "0a".repeat(32)], "use --secret-file or the variable"],
      [["--log-level", "LOUD"], '--log-level: no "LOUD"'],
      [["--log-level", "debug"], "did you mean DEBUG?"],
      [["--restart", "transent"], "did you mean transient?"],
      [["--intensity=-1"], '"-1" is no whole number'],
      [["--backoff", "1"], '"1" is no time, or two, the lesser first'],
      [["--backoff", "2s-1s"], '"2s-1s" is no time, or two'],
      [["--backoff", "1s-2s-3s"], '"1s-2s-3s" is no time, or two'],
      [["--period", "0"], '"0" is no number of seconds above 0'],
      [["--period", "2147484"], "seconds above 0, at most 2147483"],
      [["--backoff", "1s-597h"], "at most 596h"],
      [["--backoff", "1s-"], '"1s-" is no time, or two'],
      [["--intensity", "1000001"], "no whole number from 0 to 1000000"],
      [["--limit", "query_max"], '"query_max" is not NAME=VALUE: query_max=…'],
      [["--limit="], '--limit: "" is not NAME=VALUE'],
      [
        ["--limit", "querys_max=1s"],
        "--limit: no limit querys_max, did you mean query_max?",
      ],
      [["--limit", "query_max=2"], '--limit: query_max: "2" is no duration'],
      [["--limit", "clients_max=-1"], '"-1" is no whole number from 0 to 1000'],
      [["--future-max", "60"], '--future-max: future_max: "60" is no duration'],
      [["--places", "ftp://x"], '"ftp://x" is no http or https address'],
      [["--places", "nowhere"], '"nowhere" is no http or https address'],
    ];
    for (const [args, message] of lines) {
      assertThrows(
        () => parseHerdArguments(args),
        UsageError,
        message,
        args.join(" "),
      );
    }
  },
});

Deno.test({
  name: "HERD_HELP names every option that the errors suggest",
  permissions: "none",
  fn() {
    for (
      const option of [
        "topology",
        "port-base",
        "secret-file",
        "log-dir",
        "no-log",
        "log-level",
        "places",
        "restart",
        "intensity",
        "period",
        "backoff",
        "limit",
        "future-max",
        "json",
        "help",
      ]
    ) assertStringIncludes(HERD_HELP, `  --${option} `);
  },
});
