/**
 * A run as it might have been: a herd in a grid or as of 2014, a load, servers
 * that are killed and revived, links that are cut. Nothing runs; the history is
 * made up from a seed, with the delays of a real run on loopback.
 *
 * @module
 */
import { generateTopology } from "../../../sim/model/topology/generate.ts";
import type { HistoryEvent } from "../../../sim/model/history.ts";
import { Random } from "../../../sim/model/random.ts";
import type { RunRecord } from "../../../sim/model/report/run_record.ts";
import {
  neighboursOf,
  type Topology,
} from "../../../sim/model/topology/topology.ts";
import type { LinePlace } from "../../../sim/model/line_events.ts";

const TOPOLOGY_2014: Topology = {
  name: "2014",
  servers: ["Alford", "Bolden", "Hamilton", "Parker", "Powell"]
    .map((name) => ({ name, port: 0 })),
  links: [
    ["Alford", "Parker"],
    ["Alford", "Powell"],
    ["Bolden", "Parker"],
    ["Bolden", "Powell"],
    ["Parker", "Hamilton"],
  ],
};

/** What the sample is to be like. */
export interface SampleOptions {
  /** `2014`, or a generated topology. */
  readonly topology: string;
  /** How long it lasts. */
  readonly durationMs: number;
  /** Updates a second. */
  readonly ratePerSecond: number;
  /** A server is killed, or a link cut, so often; never by default. */
  readonly faultEveryMs?: number;
  /** Whether a step failed. */
  readonly hasFailed?: boolean;
}

interface Down {
  readonly what: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** A run that was made up: its record and its history. */
export function sampleRun(
  options: SampleOptions,
): { record: RunRecord; history: HistoryEvent[] } {
  const maker = new Maker(options);
  maker.fail();
  maker.load();
  const history = maker.events.sort((a, b) => a.atMs - b.atMs);
  return { record: maker.record(), history };
}

class Maker {
  readonly events: HistoryEvent[] = [];
  readonly #options: SampleOptions;
  readonly #topology: Topology;
  #lines = 0;
  readonly #random = new Random(7);
  readonly #downs: Down[] = [];

  constructor(options: SampleOptions) {
    this.#options = options;
    this.#topology = options.topology === "2014"
      ? TOPOLOGY_2014
      : generateTopology(options.topology)!;
  }

  #isDown(what: string, atMs: number): boolean {
    return this.#downs.some((down) =>
      down.what === what && down.fromMs <= atMs && atMs < down.toMs
    );
  }

  fail(): void {
    const { durationMs, faultEveryMs = Infinity } = this.#options;
    const { servers, links } = this.#topology;
    for (let n = 1; n * faultEveryMs < durationMs; n++) {
      const fromMs = n * faultEveryMs;
      const toMs = fromMs + faultEveryMs * (0.4 + this.#random.fraction());
      const id = `f${n}`;
      const isLast = toMs >= durationMs;
      if (n % 3 === 0) {
        const [a, b] = links[this.#random.below(links.length)]!;
        this.#fault(id, "cut", `${a}-${b}`, fromMs, isLast ? undefined : toMs);
        this.#downs.push({ what: `${a}>${b}`, fromMs, toMs });
        this.#downs.push({ what: `${b}>${a}`, fromMs, toMs });
        continue;
      }
      const { name } = servers[this.#random.below(servers.length)]!;
      if (this.#isDown(name, fromMs) || this.#isDown(name, toMs)) continue;
      this.#fault(id, "kill", name, fromMs, isLast ? undefined : toMs);
      this.#downs.push({ what: name, fromMs, toMs });
      const state = { kind: "state", server: name } as const;
      this.events.push({ atMs: fromMs, ...state, state: "stopped" });
      if (isLast) continue;
      this.events.push({ atMs: toMs - 30, ...state, state: "starting" });
      this.events.push({ atMs: toMs, ...state, state: "up" });
    }
  }

  #fault(
    id: string,
    fault: string,
    target: string,
    fromMs: number,
    toMs: number | undefined,
  ): void {
    const targets = [target];
    this.events.push({ atMs: fromMs, kind: "fault-begin", id, fault, targets });
    if (toMs === undefined) return;
    const touched = this.#random.below(50);
    this.events.push({ atMs: toMs, kind: "fault-end", id, touched });
  }

  load(): void {
    const { durationMs, ratePerSecond } = this.#options;
    const { servers } = this.#topology;
    const count = durationMs / 1_000 * ratePerSecond;
    for (let op = 1; op <= count; op++) {
      const dueMs = (op - 1) / ratePerSecond * 1_000;
      const atMs = dueMs + this.#random.fraction() * 2;
      const { name } = servers[this.#random.below(servers.length)]!;
      const client = `load-${1 + this.#random.below(200)}`;
      const time = (1_772_366_400 + atMs / 1_000).toFixed(9);
      const fix = `${client} +34.0${op % 10_000}-118.4${op % 10_000} ${time}`;
      const f = "iamat";
      const line = `IAMAT ${fix}`;
      const asked = {
        op,
        process: `${name}-1`,
        f,
        server: name,
        line,
      } as const;
      this.events.push({ atMs, kind: "invoke", ...asked, dueMs });
      if (this.#isDown(name, atMs)) {
        const why = "connection lost before the reply";
        this.events.push({ atMs: atMs + 1, kind: "info", op, why });
        continue;
      }
      const late = 0.05 + this.#random.fraction() * 0.3;
      const reply = `AT ${name} +0.00012 ${fix}`;
      this.#flood(name, null, reply, atMs + late);
      this.events.push({ atMs: atMs + late * 2, kind: "ok", op, reply });
    }
  }

  #flood(first: string, client: null, text: string, startMs: number): void {
    const held = new Set<string>();
    const queue: [string, string | null, number, Partial<LinePlace>][] = [
      [first, client, startMs, {}],
    ];
    for (
      let next;
      (next = queue.sort((a, b) => a[2] - b[2]).shift()) !== undefined;
    ) {
      const [server, from, atMs, came] = next;
      if (this.#isDown(server, atMs)) continue;
      const isNew = !held.has(server);
      held.add(server);
      const seen = { kind: "delivery", server, from, isNew } as const;
      this.events.push({ atMs, ...seen, line: text, ...came });
      if (!isNew) continue;
      for (const to of neighboursOf(this.#topology, server)) {
        if (to === from || this.#isDown(to, atMs)) continue;
        const sentMs = atMs + 0.02 + this.#random.fraction() * 0.05;
        const place = this.#nextPlace(server, to);
        const sent = {
          kind: "sent",
          server,
          to,
          line: text,
          ...place,
        } as const;
        this.events.push({ atMs: sentMs, ...sent });
        if (this.#isDown(`${server}>${to}`, sentMs)) {
          const from = server;
          const dropped = { from, to, ...place, as: null, by: ["loss"] };
          this.events.push({ atMs: sentMs, kind: "altered", ...dropped });
          continue;
        }
        const slow = this.#random.below(50) === 0 ? 12 : 1;
        const tookMs = (0.08 + this.#random.fraction() * 0.5) * slow;
        queue.push([to, server, sentMs + tookMs, place]);
      }
    }
  }

  /** Each line of the sample has a connection of its own: no order matters. */
  #nextPlace(from: string, to: string): LinePlace {
    return { connection: `${from}-${to}-${++this.#lines}`, number: 1 };
  }

  record(): RunRecord {
    const { durationMs, hasFailed = false } = this.#options;
    const { name, servers, links } = this.#topology;
    const first = servers[0]!.name;
    const step = { column: 5, depth: 0, startedMs: 0, tookMs: 2 };
    return {
      format: "herd results",
      version: 2,
      name: "sample",
      description: "Servers are killed and links cut while clients move about.",
      file: "sample.yaml",
      startedAt: "2026-03-01T12:00:00.250Z",
      tookMs: durationMs,
      seed: 7,
      mode: "flood",
      topology: { name, servers: servers.map(({ name }) => name), links },
      verdict: hasFailed ? "failed" : "passed",
      counts: {
        steps: 1,
        checks: 3,
        always: 1,
        failed: hasFailed ? 1 : 0,
        unknown: 0,
        skipped: 0,
      },
      steps: [
        {
          ...step,
          step: 1,
          kind: "load",
          text: `load of ${this.#options.ratePerSecond}/s to all`,
          line: 5,
          isCheck: false,
          tookMs: durationMs * 0.9,
          ok: true,
          note: "all but a few were acknowledged",
        },
        {
          ...step,
          step: 2,
          kind: "expect-fix",
          text: `expect load-1 on all within 1s`,
          client: "load-1",
          line: 7,
          isCheck: true,
          startedMs: durationMs * 0.6,
          tookMs: 1_000,
          ok: !hasFailed,
          ...hasFailed && {
            expected: `the fix of load-1 on all ${servers.length} servers`,
            actual:
              `after 1s it is missing on ${first}, which holds an older one:\n` +
              `AT ${first} +0.000131 load-1 +34.01-118.41 1772366400.250000000`,
          },
        },
        {
          ...step,
          step: 3,
          kind: "expect-converged",
          text: "expect converged on all within 5s",
          line: 8,
          isCheck: true,
          startedMs: durationMs * 0.95,
          tookMs: 140,
          ok: true,
        },
      ],
      checks: [
        {
          name: "always: no invented value",
          outcome: "ok",
          isAlways: true,
          actual: "no violation",
        },
        { name: "lost == 0", outcome: "ok", line: 10, actual: "lost is 0" },
      ],
      incidents: [],
      residual: [],
      metrics: { lost: 0 },
      phases: {},
    };
  }
}
