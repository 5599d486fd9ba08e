import { assertEquals } from "@std/assert";
import { generateTopology } from "../../../../sim/model/topology/generate.ts";
import { InvalidFile } from "../../../../sim/model/problem.ts";
import type { Step } from "../../../../sim/model/scenario/scenario.ts";
import {
  type ParsedScenario,
  parseScenario,
} from "../../../../sim/model/scenario/parse.ts";
import { STEP_NAMES } from "../../../../sim/model/steps/kinds.ts";
import type { Topology } from "../../../../sim/model/topology/topology.ts";
import { YAML_ENV } from "../yaml_env.ts";

const HERD: Topology = {
  name: "2014",
  servers: ["Alford", "Bolden", "Hamilton", "Parker", "Powell"]
    .map((name) => ({ name, port: 0 })),
  links: [],
};

function read(text: string): ParsedScenario {
  return parseScenario(text, "drill.yaml", (spec) => {
    if (spec === "2014") return HERD;
    const generated = generateTopology(spec);
    if (generated === undefined) throw new RangeError(`no topology "${spec}"`);
    return generated;
  });
}

/** The faults of a text, each `line:column message, hint`. */
function faults(text: string): string[] {
  return read(text).problems.map(({ line, column, message, hint }) =>
    `${line}:${column} ${message}${hint === undefined ? "" : `, ${hint}`}`
  );
}

/** The faults of one step, in line 4, after one that knows the client kiwi. */
function stepFaults(step: string): string[] {
  return faults(`groups: {west: [Alford, Hamilton]}
steps:
  - iamat: {client: kiwi, position: +34.07-118.44, to: Alford}
  - ${step}
`);
}

function steps(text: string): readonly Step[] {
  const { scenario, problems } = read(text);
  assertEquals(problems, []);
  return scenario!.steps;
}

Deno.test({
  name:
    "parseScenario() makes a plan with places, defaults and groups resolved",
  permissions: YAML_ENV,
  fn() {
    const { scenario, topology } = read(`name: a drill
seed: 7
topology: 2014
groups: {west: [Alford, Hamilton], most: [west, Powell]}
steps:
  - iamat: {client: 007, position: +34.07-118.44, to: Alford, time: 1.50}
  - expect: {client: 007, on: most, never: others, for: 100ms}
`);
    assertEquals(topology, HERD);
    assertEquals(scenario, {
      name: "a drill",
      file: "drill.yaml",
      topology: "2014",
      seed: 7,
      steps: [{
        kind: "iamat",
        client: "007",
        position: "+34.07-118.44",
        to: "Alford",
        time: "1.50",
        withinMs: 12_000,
        where: { line: 6, column: 5 },
      }, {
        kind: "expect-fix",
        client: "007",
        on: ["Alford", "Hamilton", "Powell"],
        withinMs: 1_000,
        never: ["others"],
        forMs: 100,
        where: { line: 7, column: 5 },
      }],
    });
  },
});

Deno.test({
  name:
    "parseScenario() reads parallel branches and repeats, each with its place",
  permissions: YAML_ENV,
  fn() {
    const [parallel, repeat] = steps(`steps:
  - parallel:
      - load: {rate: 1000/s, for: 3s, clients: 200}
      - [kill: Powell, wait: 1s]
      - - churn: {every: 1s, for: 30s, down: 500ms, servers: [Alford, Bolden]}
  - repeat:
      times: 3
      steps:
        - repeat: {times: 2, steps: [{wait: 1ms}]}
`);
    assertEquals(parallel, {
      kind: "parallel",
      branches: [
        [{
          kind: "load",
          ratePerSecond: 1_000,
          durationMs: 3_000,
          clients: 200,
          to: ["all"],
          where: { line: 3, column: 9 },
        }],
        [
          { kind: "kill", servers: ["Powell"], where: { line: 4, column: 10 } },
          { kind: "wait", durationMs: 1_000, where: { line: 4, column: 24 } },
        ],
        [{
          kind: "churn",
          everyMs: 1_000,
          durationMs: 30_000,
          downMs: 500,
          servers: ["Alford", "Bolden"],
          where: { line: 5, column: 11 },
        }],
      ],
      where: { line: 2, column: 5 },
    });
    assertEquals(repeat, {
      kind: "repeat",
      times: 3,
      steps: [{
        kind: "repeat",
        times: 2,
        steps: [{
          kind: "wait",
          durationMs: 1,
          where: { line: 9, column: 39 },
        }],
        where: { line: 9, column: 11 },
      }],
      where: { line: 6, column: 5 },
    });
  },
});

Deno.test({
  name: "parseScenario() reads every form of expect, whatsat and send",
  permissions: YAML_ENV,
  fn() {
    const kinds = steps(`steps:
  - send: {line: IAMAT kiwi +0-0 1, to: Alford, matches: "^AT "}
  - send: {line: HELLO, to: Alford, reply: "? HELLO"}
  - whatsat: {client: kiwi, radius: 10, items: 5, to: Alford}
  - whatsat: {client: kiwi, radius: 0.5, items: 5, to: Alford, expect: places}
  - whatsat: {client: nobody, radius: 1, items: 5, to: Alford, expect: unknown}
  - whatsat:
      client: kiwi
      radius: 10
      items: 5
      to: Alford
      expect: {places: 3, status: OK, server: Bolden, position: +0-0}
      within: 1s
  - expect: converged
  - expect: {converged: [Alford], within: 1s, lost: 2, unless_killed_within: 50ms}
  - load: {rate: 1/s, for: 1s, clients: 2, to: [Alford]}
  - expect: {client: load-2, position: +0-0, on: all}
`).map(({ where: _, ...step }) => step);
    assertEquals(kinds.slice(3, 8), [
      {
        kind: "whatsat",
        client: "kiwi",
        radius: "0.5",
        items: 5,
        to: "Alford",
        expect: { places: 1, status: "OK" },
        withinMs: 12_000,
      },
      {
        kind: "whatsat",
        client: "nobody",
        radius: "1",
        items: 5,
        to: "Alford",
        expect: { unknown: true },
        withinMs: 12_000,
      },
      {
        kind: "whatsat",
        client: "kiwi",
        radius: "10",
        items: 5,
        to: "Alford",
        expect: { places: 3, status: "OK", server: "Bolden", position: "+0-0" },
        withinMs: 1_000,
      },
      {
        kind: "expect-converged",
        servers: ["all"],
        withinMs: 5_000,
        lost: 0,
        killedWithinMs: 0,
      },
      {
        kind: "expect-converged",
        servers: ["Alford"],
        withinMs: 1_000,
        lost: 2,
        killedWithinMs: 50,
      },
    ]);
  },
});

Deno.test({
  name: "parseScenario() tells what is wrong with a step, where, and the mend",
  permissions: YAML_ENV,
  fn() {
    const allSteps = `there is ${STEP_NAMES.join(", ")}`;
    const table: [string, string[]][] = [
      ["kill: Powel", ["4:11 no server or group Powel, did you mean Powell?"]],
      ["kill: wst", ["4:11 no server or group wst, did you mean west?"]],
      ["kill: [Powell, x]", [
        "4:20 no server or group x, there is Alford, Bolden, Hamilton, " +
        "Parker, Powell, west, all",
      ]],
      ["kill:", ["4:5 kill must not be empty"]],
      ["kill: {server: Powell}", [
        "4:5 kill needs targets",
        "4:12 unknown field server in kill, there is targets, mode, duration, id",
      ]],
      ["kil: Powell", ["4:5 unknown step kil, did you mean kill?"]],
      ["explode: Powell", [`4:5 unknown step explode, ${allSteps}`]],
      ["resume: Alford\n    kill: Powell", [
        "5:5 one step at a time, not resume and kill",
      ]],
      ["pause: Alford\n    for: 3s", [
        "5:5 for is no step; fields stand below their step, indented, " +
        allSteps,
      ]],
      ["{}", ["4:5 a step must not be empty"]],
      ["kill", ["4:5 kill needs a colon and a value, as in kill: …"]],
      ["", ["4:5 a step is a map from its name to its fields"]],
      ["wait: 3", [
        `4:11 "3" is no duration (500ms, 1.5s, 2m, 1h, at most 596h)`,
      ]],
      ["wait: [1s]", ["4:11 expected a text, not a list"]],
      ["iamat: {client: a b, positon: +1+1, to: west}", [
        `4:21 "a b" is no word without spaces`,
        "4:26 unknown field positon in iamat, did you mean position?",
        "4:45 west is more than one server, and one is needed",
      ]],
      ["iamat: {client: a, position: 34.07, to: Alfrod, time: now}", [
        `4:34 "34.07" is no position (+34.068930-118.445127)`,
        `4:59 "now" is no time in POSIX seconds`,
        "4:45 no server Alfrod, did you mean Alford?",
      ]],
      ["iamat: kiwi", [`4:12 expected a map of fields, not "kiwi"`]],
      ["expect: {client: kiwo, on: all}", [
        "4:22 no step before this one sends a fix of kiwo, did you mean kiwi?",
      ]],
      ["expect: {client: kiwi, onn: all, within: 1s}", [
        "4:28 unknown field onn in expect, did you mean on?",
      ]],
      ["expect: {client: kiwi, within: 1s}", [
        "4:13 expect of a client needs on, never or both",
        "4:13 within goes with on (for goes with never)",
      ]],
      ["expect: {servers: Powell, within: 1s}", [
        "4:13 expect of servers needs state, restarts, backoff, " +
        "limit_reached or several",
      ]],
      ["expect: {servers: Powel, state: upp}", [
        "4:37 expected starting or up or paused or stopped or crashed or " +
        'wedged, not "upp"',
        "4:23 no server or group Powel, did you mean Powell?",
      ]],
      ["crash: {targets: Powell, duration: 1s}", [
        "4:30 unknown field duration in crash, there is targets, mode, id",
      ]],
      ["kill: {targets: all, mode: {fixed: 9}}", [
        "4:40 9 of 5 targets: too many",
      ]],
      ["kill: {targets: all, mode: {fixed: x}}", [
        '4:40 "x" is no whole number from 1 to 1000000000',
      ]],
      ["pause: {targets: [Powell, Parker], mode: {fixed: 3}}", [
        "4:54 3 of 2 targets: too many",
      ]],
      ["cut: {targets: all, mode: {fixed: 1}}", [
        "4:39 1 of 0 targets: too many",
      ]],
      ["expect: {client: kiwi, on: others}", [
        "4:32 no server or group others, there is Alford, Bolden, Hamilton, " +
        "Parker, Powell, west, all",
      ]],
      ["expect: {convergd: all}", [
        "4:14 unknown field convergd in expect, did you mean converged?",
      ]],
      ["expect: convergd", [
        `4:13 expected converged or a map of fields, not "convergd", ` +
        "did you mean converged?",
      ]],
      ["expect: {converged: all, unless_killed_within: 11s}", [
        `4:52 "11s" is no duration of at most 10s (500ms, 1.5s, 2m, 1h, at most 596h)`,
      ]],
      ["greedy: {sends: nothing, for: 11s, to: Nobody}", [
        `4:21 expected iamats or garbage or ids or numbers, not "nothing"`,
        `4:35 "11s" is no duration of at most 10s (500ms, 1.5s, 2m, 1h, at most 596h)`,
        "4:44 no server or group Nobody, there is Alford, Bolden, Hamilton, " +
        "Parker, Powell, west, all",
      ]],
      ["expect: {converged: all, lost: -1}", [
        `4:36 "-1" is no whole number from 0 to 1000000`,
      ]],
      ["whatsat: {client: kiwi, radius: 51, items: 21, to: Powell}", [
        `4:37 "51" is no radius from 0 to 50 km`,
        `4:48 "21" is no whole number from 0 to 20`,
      ]],
      [
        "whatsat: {client: kiwi, radius: 5, items: 2, to: Powell, expect: place}",
        [
          `4:70 expected places or unknown or any or a map of fields, not "place", ` +
          "did you mean places?",
        ],
      ],
      [
        "whatsat: {client: no, radius: 5, items: 2, to: Powell, expect: {statu: OK}}",
        [
          "4:69 unknown field statu in whatsat.expect, did you mean status?",
          "4:23 no step before this one sends a fix of no, there is kiwi",
        ],
      ],
      [`send: {line: X, to: Powell, matches: "("}`, [
        '4:42 "(" is no regular expression of RE2: missing closing ): `(`',
      ]],
      [`send: {line: X, to: Powell, matches: "^(?=A)"}`, [
        '4:42 "^(?=A)" has a lookahead, which RE2 lacks for it may take for ever',
      ]],
      [`send: {line: X, to: Powell, matches: a, reply: b}`, [
        "4:11 send takes reply or matches, not both",
      ]],
      ["parallel: [{wait: 1}, [{kill: Powel}], foo, {lod: 1}]", [
        `4:23 "1" is no duration (500ms, 1.5s, 2m, 1h, at most 596h)`,
        "4:44 a step is a map from its name to its fields",
        "4:50 unknown step lod, did you mean load?",
        "4:35 no server or group Powel, did you mean Powell?",
      ]],
      ["repeat: {times: 0, steps: []}", [
        `4:21 "0" is no whole number from 1 to 1000000`,
        "4:31 repeat.steps must not be empty",
      ]],
      ["repeat: {times: 2, steps: [{kill: Powel}]}", [
        "4:39 no server or group Powel, did you mean Powell?",
      ]],
      ["load: {rate: 1000, for: 3s, clients: 200, to: al}", [
        `4:18 "1000" is no rate (1000/s, 30/m, at most 1000000/s)`,
        "4:51 no server or group al, did you mean all?",
      ]],
      ["churn: {every: 0s, for: 1s}", ["4:20 must be above 0"]],
      ["churn: {}", ["4:5 churn needs every", "4:5 churn needs for"]],
      ["repeat: {times: 2, steps: [{random: {steps: 3}}]}", [
        "4:33 random can stand among the file's own steps only",
      ]],
    ];
    for (const [step, expected] of table) {
      assertEquals(stepFaults(step), expected, step);
    }
  },
});

Deno.test({
  name: "parseScenario() tells what is wrong around the steps",
  permissions: YAML_ENV,
  fn() {
    const fields =
      "there is name, description, topology, mode, world, durable, seed, repeat, params, groups, supervisor, limits, tuning, hub, steps, checks, sometimes";
    const table: [string, string[]][] = [
      ["", ["1:1 the file is empty"]],
      ["# nothing\n", ["1:1 the file is empty"]],
      ["- kill: Powell\n", ["1:1 expected a map of fields, not a list"]],
      ["steps: []\n", ["1:8 steps must not be empty"]],
      ["name: x\n", ["1:1 a scenario needs steps"]],
      ["step: [{wait: 1s}]\n", ["1:1 unknown field step, did you mean steps?"]],
      ["xyz: 1\nsteps: [{wait: 1s}]\n", [`1:1 unknown field xyz, ${fields}`]],
      ["topology: 2015\nsteps: [{wait: 1s}]\n", ['1:11 no topology "2015"']],
      ["topology: ring:2\nsteps: [{kill: s2}]\n", [
        "2:16 no server or group s2, did you mean s0?",
      ]],
      ["seed: 1.5\nsteps: [{wait: 1s}]\n", [
        '1:7 "1.5" is no whole number from 0 to 4294967295',
      ]],
      [
        "groups: {all: [Powell], Alford: [Bolden], b: [a], a: [Pow]}\n" +
        "steps: [{wait: 1s}]\n",
        [
          "1:10 all is a word already",
          "1:25 Alford is a server already",
          "1:47 no server or group a, there is Alford, Bolden, Hamilton, " +
          "Parker, Powell, all",
          "1:55 no server or group Pow, there is Alford, Bolden, Hamilton, " +
          "Parker, Powell, all, b",
        ],
      ],
      [
        "supervisor: {restart: transiet, intensity: {restart: 1}, " +
        "backoff: {min: 2s, max: 1s}}\nsteps: [{wait: 1s}]\n",
        [
          '1:23 expected permanent or transient or temporary, not "transiet"',
          "1:45 unknown field restart in supervisor.intensity, " +
          "did you mean restarts?",
          "1:67 backoff: max is below min",
        ],
      ],
      [
        "hub: {servers: 9, url: x}\nsteps: [{wait: 1s}]\n",
        [
          '1:16 "9" is no whole number from 1 to 5',
          "1:19 unknown field url in hub, there is servers",
        ],
      ],
      [
        "steps: [{hub_kill: leader}, {hub_cut: all}, {heal: all}]\n",
        [
          "1:10 hub_kill needs a hub: the file has no field hub",
          "1:30 hub_cut needs a hub: the file has no field hub",
        ],
      ],
      [
        "hub: {servers: 3}\nsteps: [{hub_kill: first}, {hub_wipe: hub-2}]\n",
        ["2:20 must be all, leader or hub-1, hub-2, …"],
      ],
      [
        "limits: {clients_max: many, querys_max: 1s, query_max: 2, " +
        "idle_max: [1h]}\nsteps: [{wait: 1s}]\n",
        [
          '1:23 "many" is no whole number from 0 to 10000000',
          "1:69 expected a text, not a list",
          '1:56 "2" is no duration from 1ms to 596h (500ms, 30s, 1h)',
          "1:29 unknown field querys_max in limits, did you mean query_max?",
        ],
      ],
      ["steps: [{wait: 1s}\n", [
        "2:1 Flow sequence in block collection must be sufficiently indented " +
        "and end with a ]",
      ]],
    ];
    for (const [text, expected] of table) {
      assertEquals(faults(text).slice(0, 4), expected, text);
    }
  },
});

Deno.test({
  name: "parseScenario() passes on what is wrong with the topology's own file",
  permissions: YAML_ENV,
  fn() {
    const problem = {
      severity: "error",
      file: "herd.yaml",
      line: 3,
      column: 1,
      message: "odd",
    } as const;
    const parsed = parseScenario("steps: [{wait: 1}]\n", "a.yaml", () => {
      throw new InvalidFile([problem]);
    });
    assertEquals(parsed.problems.length, 2);
    assertEquals(parsed.problems[0], problem);
  },
});

Deno.test({
  name: "parseScenario() tells what is wrong with a check, where in it",
  permissions: YAML_ENV,
  fn() {
    const text = "steps: [{phase: calm}, {wait: 1s}]\nchecks:\n" +
      "  - lost = 0\n" +
      '  - "losst == 0"\n' +
      "  - p50 < 5ms during clam\n" +
      "  - lost == 0\n" +
      "  - [lost]\n" +
      "  - to.Alford.p50 < 5\n";
    const { problems } = parseScenario(text, "a.yaml", () => HERD);
    assertEquals(
      problems.map(({ line, column, message, hint }) =>
        [line, column, message, ...hint === undefined ? [] : [hint]].join(" ")
      ).toSorted(),
      [
        "3 10 expected a comparison, not = there is ==, !=, <, <=, >, >=",
        "4 6 no metric losst did you mean lost?",
        "5 22 no phase or fault clam did you mean calm?",
        "7 5 expected a text, not a list",
        "8 21 expected a duration (5ms), not 5",
      ],
    );
  },
});
