/**
 * The drills that ship: each passes, and fails where its point is broken on
 * purpose, on real sockets and in virtual time. They take two minutes:
 * `deno task test:drills`.
 *
 * @module
 */
import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import type { DisseminationMode } from "../../../../herd/core/dissemination/dissemination.ts";
import {
  type RunOptions,
  runScenario,
} from "../../../../sim/live/drill/runner.ts";
import { planOf } from "../../../../sim/live/drill/plan.ts";
import { describeStep } from "../../../../sim/model/steps/kinds.ts";
import type { Settings } from "../../../../sim/model/scenario/params.ts";
import {
  type DrillResult,
  verdictOf,
} from "../../../../sim/model/report/result.ts";
import { outcomesOf } from "../../../../sim/model/report/compared.ts";
import { summary } from "../../../../sim/model/report/text.ts";
import type { WorldName } from "../../../../sim/model/world_name.ts";
import { sampled } from "../../../sampled.ts";
import { isOfSpeed } from "../../../speed.ts";
import { virtualHashesElsewhere } from "./virtual_seeds.ts";

const FOLDER = new URL("../../../../sim/scenarios/", import.meta.url);
const SEED = 7;

/** Drills that run at the same time. */
const AT_ONCE = 2;

/** A drill, what breaks its point, and the check that must find it. */
const DRILLS: readonly [
  drill: string,
  breach: readonly [what: string, by: string],
  found: string,
  settings?: Settings,
][] = [
  ["partition", ["  - kill: Parker\n", ""], "expect kiwi on Bolden within"],
  ["split-brain", ["  - heal: all\n", ""], "expect converged"],
  ["split-brain-25", ["  - heal: all\n", ""], "expect converged"],
  ["blackout", ["durable: disk", "durable: none"], "expect converged"],
  ["torn-journal", ["durable: disk", "durable: none"], "expect converged"],
  ["full-disk", ["  - heal: full\n", ""], "iamat emu"],
  ["lone-server", ["\ndurable: peer", "\ndurable: none"], "expect converged"],
  [
    "cascade",
    ["  - revive: Powell\n", "  - kill: Alford\n  - revive: Powell\n"],
    "expect converged",
  ],
  [
    "rolling-restart",
    [
      "        - restart: Powell\n",
      "        - kill: all\n        - revive: all\n",
    ],
    "expect kiwi at",
  ],
  ["flapping-link", ["duration: 300ms", "duration: 1h"], "expect converged"],
  ["slow-link", ["targets: Alford-Parker", "targets: all"], "expect kiwi on"],
  ["frozen-server", ["  - resume: Powell\n", ""], "expect kiwi at"],
  ["lost-lines", ["  - reset: Parker-Hamilton\n", ""], "expect converged"],
  ["clock-skew", ["offset: -876600h", "offset: -1h"], "send"],
  ["one-way-cut", ["Hamilton>Parker", "Hamilton-Parker"], "expect kiwi on"],
  [
    "thundering-herd",
    ["  - kill: rest\n", "  - kill: all\n"],
    "expect converged",
  ],
  ["hub-down", ["  - heal: gone\n", ""], "expect moa on all within"],
  ["hub-amnesia", ["  - heal: gone\n", ""], "expect kiwi on all within"],
  [
    "hub-leader-killed",
    ["targets: leader", "targets: all"],
    "expect moa on Ash, Birch, Cedar",
  ],
  ["two-herds-part", ["  - heal: apart\n", ""], "expect kiwi on all within"],
  [
    "crash-loop",
    ["{ restarts: 3, within: 60s }", "{ restarts: 9, within: 60s }"],
    "expect Powell crashed, restarted 3 times, limit reached",
  ],
  ["places-down", ["  - places: http-500\n", ""], "whatsat"],
  [
    "hostile-client",
    [
      "  - phase: flood\n",
      "  - phase: flood\n  - latency: { targets: all, latency: 600ms }\n",
    ],
    "p99 < 500ms during flood",
  ],
  [
    "soak",
    ["  - parallel:\n", "  - loss: { targets: all }\n  - parallel:\n"],
    "expect converged",
    { duration: "12s" },
  ],
  [
    "churn",
    [
      "      - churn: { every: 1s, for: $duration, down: 500ms, servers: all }\n",
      "",
    ],
    "faults.kill.overlapped_updates >= 1",
    { duration: "3s", rate: "300/s" },
  ],
  ["ways-in", ["        - revive: Parker\n", ""], "iamat kiwi"],
  ["silent-loss", ["  - heal: drops\n", ""], "expect converged"],
  ["many-restarts", ["durable: disk", "durable: none"], "expect converged"],
  ["crowd", ["idle_max: 1500ms", "idle_max: 1h"], "iamat kiwi"],
  ["odd-lines", ["00000.6\n", "00000.5\n"], "expect kiwi"],
  ["turned-lines", ["lines: PING", "lines: AT"], "no invented value"],
];

/** Drills that are run in other modes on sockets too; in virtual time all are. */
const IN_MODES: readonly [mode: DisseminationMode, drill: string][] = [
  ["tree", "split-brain"],
  ["ondemand", "cascade"],
];

/** Drills that say nothing of a herd on demand; docs/scenarios.md says why. */
const NOT_ON_DEMAND = [
  "blackout",
  "hub-amnesia",
  "hub-down",
  "hub-leader-killed",
  "lost-lines",
  "one-way-cut",
  "silent-loss",
  "slow-link",
  "split-brain",
  "split-brain-25",
  "two-herds-part",
];

async function run(
  name: string,
  text: string,
  settings: Settings = {},
  options: RunOptions & { readonly mode?: DisseminationMode } = { seed: SEED },
): Promise<DrillResult> {
  const { seed, world, mode } = options;
  const wanted = {
    seed,
    settings,
    ...typeof world === "string" && { world },
    ...mode && { mode },
  };
  const { scenario, topology } = planOf({ name, folder: ".", text }, wanted);
  return await runScenario(scenario, topology, options);
}

function failures({ steps, assessment }: DrillResult): string[] {
  const { checks, violations } = assessment;
  return [
    ...steps.flatMap(({ step, failure }) =>
      failure === undefined ? [] : [describeStep(step)]
    ),
    ...checks.flatMap(({ check, outcome }) =>
      outcome === "ok" ? [] : [check.text]
    ),
    ...violations.map(({ check }) => check),
  ];
}

/** What failed, but on sockets not for the machine's speed. */
function faultsOf(result: DrillResult, world: WorldName): string[] {
  const all = failures(result);
  return world === "virtual" ? all : all.filter((it) => !isOfSpeed(it));
}

async function passesWhole(
  name: string,
  settings?: Settings,
  world: WorldName = "threads",
): Promise<void> {
  const text = await Deno.readTextFile(new URL(name, FOLDER));
  const result = await run(name, text, settings, { seed: SEED, world });
  assertEquals(faultsOf(result, world), [], summary(result));
  assertEquals(result.incidents, []);
  assertEquals(result.residual, []);
  // What is drawn by chance may hit nothing.
  if (!/^ *- random:/m.test(text)) assertEquals(result.vacuous, []);
}

async function passesInMode(
  name: string,
  mode: DisseminationMode,
  settings: Settings = {},
  world: WorldName = "threads",
): Promise<void> {
  const text = await Deno.readTextFile(new URL(name, FOLDER));
  const result = await run(name, text, settings, { seed: SEED, mode, world });
  const { checks } = result.assessment;
  const skipped = checks.filter(({ outcome }) => outcome === "skipped")
    .map(({ check }) => check.text);
  const failed = faultsOf(result, world).filter((it) => !skipped.includes(it));
  assertEquals(failed, [], summary(result));
  assert(verdictOf(result) !== "unknown", summary(result));
  assertEquals(result.mode, mode);
  assertEquals(result.incidents, []);
}

/** Breaks the point of a drill; gives the checks that fail there as `found` says. */
async function failsBroken(
  name: string,
  [what, by]: readonly [string, string],
  found: string,
  settings?: Settings,
  world: WorldName = "threads",
): Promise<Set<string>> {
  const text = await Deno.readTextFile(new URL(name, FOLDER));
  assertStringIncludes(text, what);
  const options = { seed: SEED, world };
  const result = await run(name, text.replace(what, by), settings, options);
  const failed = outcomesOf(result).filter(({ check, outcome }) =>
    outcome === "fail" && check.replace("always: ", "").startsWith(found)
  );
  assert(failed.length > 0, summary(result));
  return new Set(failed.map(({ check, line }) => `line ${line}: ${check}`));
}

/** The same on sockets: what fails there fails in virtual time too. */
async function failsAlike(
  ...[name, breach, found, settings]: [
    string,
    readonly [string, string],
    string,
    Settings?,
  ]
): Promise<void> {
  const broken = [name, breach, found, settings] as const;
  const here = await failsBroken(...broken);
  const there = await failsBroken(...broken, "virtual");
  const told = `here ${[...here]}; in virtual time ${[...there]}`;
  assert(!here.isDisjointFrom(there), told);
}

/**
 * The drills whose points are broken on sockets; in virtual time all are. Of a
 * sample are none that wait a minute for a hub.
 */
function breachedOnSockets(): Promise<readonly string[]> {
  const names = DRILLS.map(([drill]) => drill);
  const isSample = Deno.env.has("BREACHES_SAMPLE");
  return sampled(
    isSample ? names.filter((name) => !/^hub-|herds/.test(name)) : names,
    "BREACHES_SAMPLE",
  );
}

// Drills mostly wait, so a few run at a time; the test around them is sanitized.
Deno.test("each drill that ships passes, and fails where its point is broken", {
  timeout: 1_800_000,
}, async (test) => {
  const breached = await breachedOnSockets();
  const jobs = DRILLS.flatMap(([drill, breach, found, settings]) => {
    const name = `${drill}.yaml`;
    const whole = {
      name: `${name} passes`,
      fn: () => passesWhole(name, settings),
    };
    if (!breached.includes(drill)) return [whole];
    return [
      whole,
      {
        name: `${name} fails where its point is broken`,
        fn: () => failsAlike(name, breach, found, settings),
      },
    ];
  });
  for (const [mode, drill] of IN_MODES) {
    const name = `${drill}.yaml`;
    jobs.push({
      name: `${name} in mode ${mode} passes`,
      fn: () => passesInMode(name, mode),
    });
  }
  const loose = { sanitizeOps: false, sanitizeResources: false };
  const work = async () => {
    for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) {
      await test.step({ ...job, ...loose, sanitizeExit: false });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
});

// Alone, for what it floods would slow others down, and they it.
Deno.test("greedy-client.yaml passes", () => passesWhole("greedy-client.yaml"));

// In virtual time, for a fast machine keeps nobody waiting long enough.
Deno.test("greedy-client.yaml fails where its point is broken", async () => {
  const name = "greedy-client.yaml";
  const text = await Deno.readTextFile(new URL(name, FOLDER));
  const result = await run(name, text, {}, {
    seed: SEED,
    world: "virtual",
    plantedBug: "no-turns",
  });
  assertStringIncludes(failures(result).join(), "ack.p99 < 200ms during");
});

Deno.test("gossip-glomers.yaml passes", async () => {
  const name = "gossip-glomers.yaml";
  const text = await Deno.readTextFile(new URL(name, FOLDER));
  // While trees grow they cost the most: a shorter run is mostly that.
  const result = await run(name, text, { duration: "8s" });
  assertEquals(faultsOf(result, "threads"), [], summary(result));
  assertEquals(result.incidents, []);
});

Deno.test("gossip-glomers.yaml fails where its point is broken", async () => {
  await failsBroken(
    "gossip-glomers.yaml",
    ["topology: hubs:25\n", "topology: random:25:4\n"],
    "messages_per_operation <= 13 during measured",
    { duration: "3s" },
  );
});

// One after the other: one thread does it all, and nobody waits.
Deno.test(
  "each drill that ships passes in virtual time, and fails where its point is broken",
  {
    timeout: 1_800_000,
  },
  async (test) => {
    const unhurt = [
      "fuzz",
      "fuzz-links",
      "fuzz-cut",
      "fuzz-tree",
      "fuzz-ondemand",
      "greedy-client",
      "gossip-glomers",
    ];
    for (const name of [...unhurt, "gossip-glomers-faults"]) {
      await test.step(
        `${name}.yaml passes`,
        () => passesWhole(`${name}.yaml`, {}, "virtual"),
      );
    }
    for (const [drill, breach, found, settings] of DRILLS) {
      const name = `${drill}.yaml`;
      await test.step(
        `${name} passes`,
        () => passesWhole(name, settings, "virtual"),
      );
      await test.step(
        `${name} fails where its point is broken`,
        async () => {
          await failsBroken(name, breach, found, settings, "virtual");
        },
      );
    }
  },
);

for (const mode of ["tree", "ondemand"] as const) {
  Deno.test(`each drill that ships passes in virtual time in mode ${mode}`, {
    timeout: 1_800_000,
  }, async (test) => {
    const drills = DRILLS.filter(([drill]) =>
      mode !== "ondemand" || !NOT_ON_DEMAND.includes(drill)
    );
    const due = await sampled(drills.map(([drill]) => drill), "MODES_SAMPLE");
    for (const [drill, , , settings] of drills) {
      if (!due.includes(drill)) continue;
      const name = `${drill}.yaml`;
      await test.step(
        name,
        () => passesInMode(name, mode, settings, "virtual"),
      );
    }
  });
}

Deno.test("the same 200 seeds give the same bytes in two processes", async () => {
  const hashes = () => virtualHashesElsewhere("fuzz", 1_000, 200);
  const [one, other] = await Promise.all([hashes(), hashes()]);
  assertEquals(one, other);
  assertEquals(new Set(one).size, 200);
});

Deno.test("fuzz.yaml passes", () => passesWhole("fuzz.yaml"));

for (const plantedBug of ["no-sync", "time-only"] as const) {
  Deno.test(`fuzz.yaml finds the planted bug ${plantedBug} within 50 runs`, async () => {
    const text = await Deno.readTextFile(new URL("fuzz.yaml", FOLDER));
    for (let seed = 1; seed <= 50; seed++) {
      const result = await run("fuzz.yaml", text, {}, { seed, plantedBug });
      if (verdictOf(result) !== "failed") continue;
      const found = failures(result).join(", ");
      assertMatch(found, /expect converged|no older fix over a newer/);
      return;
    }
    throw new Error("no seed fails");
  });
}
