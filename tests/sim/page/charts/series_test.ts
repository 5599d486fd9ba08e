import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Batch, ServerView } from "../../../../sim/model/web/batch.ts";
import {
  altText,
  chartsOf,
  labelled,
  reading,
  SERVERS_MAX,
  told,
  valueText,
} from "../../../../sim/page/charts/series.ts";
import { Moment } from "../../../../sim/page/snapshot.ts";

const START_MS = 1_000_000;

function server(name: string, more: Partial<ServerView> = {}): ServerView {
  const times = { sinceMs: 0, restarts: 0, restartsInMs: null };
  const unknown = { records: null, clients: null, memory: null };
  const load = { queued: 0, lagMs: null };
  return { name, state: "up", port: 1, ...times, ...unknown, ...load, ...more };
}

function link(a: string, b: string, lagAB: number | null = 0) {
  return { a, b, isUp: true, queuedAB: 0, queuedBA: 0, lagAB, lagBA: 0 };
}

/** The moment after batches, each told by what differs from an empty one. */
function momentOf(...batches: Partial<Batch>[]): Moment {
  const moment = new Moment();
  batches.forEach((batch, i) =>
    moment.fold({
      id: i + 1,
      atMs: START_MS + i * 1_000,
      events: [],
      flows: [],
      hops: [],
      fixes: [],
      fixesLeftOut: 0,
      servers: [],
      links: [],
      ...batch,
    })
  );
  return moment;
}

function figures(second: number, more = {}) {
  return {
    atMs: START_MS + second * 1_000,
    updates: 10 * second,
    messagesPerUpdate: 6,
    propagation: { p50: 1, p99: 9, samples: 500 },
    reply: { p50: 0.5, p99: 2, samples: 5 },
    ...more,
  };
}

const TRIANGLE = {
  servers: ["Ash", "Elm", "Fig"].map((name) => server(name)),
  links: [link("Ash", "Elm"), link("Elm", "Fig"), link("Ash", "Fig")],
};

function linesOf(moment: Moment, id: string) {
  const chart = chartsOf(moment).charts.find((chart) => chart.id === id);
  assert(chart !== undefined, `no chart ${id}`);
  return chart.lines;
}

Deno.test({
  name: "chartsOf() has a value for each second, on one axis",
  permissions: "none",
  fn() {
    const moment = momentOf(TRIANGLE, { figures: figures(1) }, {
      figures: figures(2),
    });
    const { times, charts } = chartsOf(moment);
    assertEquals(times, [1_001, 1_002]);
    for (const { lines } of charts) {
      for (const { values } of lines) assertEquals(values.length, 2);
    }
    assertEquals(linesOf(moment, "updates")[0]!.values, [10, 20]);
    const reply = linesOf(moment, "reply").map(({ values }) => values);
    assertEquals(reply, [[0.5, 0.5], [2, 2]]);
  },
});

Deno.test({
  name:
    "chartsOf() leaves what is not known unknown, and seconds that miss too",
  permissions: "none",
  fn() {
    const unknown = figures(2, { propagation: null, messagesPerUpdate: null });
    const late = figures(7);
    const moment = momentOf(TRIANGLE, { figures: figures(1) }, {
      figures: unknown,
    }, { figures: late });
    assertEquals(chartsOf(moment).times, [1_001, 1_002, 1_002.001, 1_007]);
    assertEquals(linesOf(moment, "updates")[0]!.values, [10, 20, null, 70]);
    const p50 = linesOf(moment, "propagation")[0]!;
    assertEquals(p50.values, [1, null, null, 1]);
    assertEquals(linesOf(moment, "lag")[0]!.values, [null, null, null, null]);
  },
});

Deno.test({
  name: "chartsOf() compares messages with N−1 and 2E−(N−1)",
  permissions: "none",
  fn() {
    const moment = momentOf(TRIANGLE, { figures: figures(1) });
    const lines = linesOf(moment, "messages");
    assertEquals(lines.map(({ name }) => name), [
      "messages",
      "2E−(N−1) = 4",
      "N−1 = 2",
    ]);
    assertEquals(lines.map(({ values }) => values[0]), [6, 4, 2]);
    const pair = momentOf({
      servers: TRIANGLE.servers.slice(0, 2),
      links: [link("Ash", "Elm")],
      figures: figures(1),
    });
    // In a tree both are the same number.
    assertEquals(linesOf(pair, "messages").length, 2);
  },
});

Deno.test({
  name: "chartsOf() shows queues and lag as they were in each second",
  permissions: "none",
  fn() {
    const ash = (queued: number | null, lagMs: number | null) => ({
      servers: [server("Ash", { queued, lagMs })],
    });
    const moment = momentOf(
      TRIANGLE,
      { ...ash(5, 1.5), figures: figures(1) },
      {
        ...ash(9, null),
        links: [link("Ash", "Fig", 70)],
        figures: figures(2),
      },
    );
    const of = (id: string) =>
      linesOf(moment, id).find(({ name }) => name === "Ash")!.values;
    assertEquals(of("queues"), [5, 9]);
    assertEquals(of("lag"), [1.5, null]);
    assertEquals(of("oldest"), [0, 70]);
  },
});

Deno.test({
  name: "chartsOf() keeps the servers that are worst, where they are many",
  permissions: "none",
  fn() {
    const names = Array.from({ length: 30 }, (_, i) => `s${i}`);
    const servers = names.map((name, i) => server(name, { queued: i }));
    const moment = momentOf({ servers, figures: figures(1) });
    const { charts } = chartsOf(moment);
    const queues = charts.find(({ id }) => id === "queues")!;
    assertEquals(queues.lines.length, SERVERS_MAX);
    assertEquals(queues.lines[0]!.name, "s29");
    assertEquals(queues.note, "the 6 highest of 30 servers");
    assertEquals(new Set(queues.lines.map(({ colour }) => colour)).size, 6);
  },
});

Deno.test({
  name: "chartsOf() has a band for each fault, to now where it stands",
  permissions: "none",
  fn() {
    const fault = (id: string, targets: string[]) => ({
      id,
      targets,
      fault: "cut",
      text: "",
      sinceMs: START_MS + 500,
      touched: 0,
    });
    const moment = momentOf(
      { ...TRIANGLE, faults: [fault("cut", ["Ash-Elm"])] },
      { faults: [fault("cut#2", ["Ash-Elm", "Elm-Fig"])] },
      {},
    );
    assertEquals(chartsOf(moment).bands, [
      { text: "cut Ash-Elm", fromMs: START_MS + 500, toMs: START_MS + 1_000 },
      {
        text: "cut Ash-Elm, Elm-Fig",
        fromMs: START_MS + 500,
        toMs: START_MS + 2_000,
      },
    ]);
  },
});

Deno.test({
  name: "labelled() lets no label stand over another, nor more than have room",
  permissions: "none",
  fn() {
    const band = (text: string, fromMs: number, toMs = fromMs + 1) => ({
      text,
      fromMs,
      toMs,
    });
    const bands = [band("a", 0), band("b", 5), band("c", 6), band("d", 40)];
    const rows = labelled(bands, () => 20, 2).map(({ row }) => row);
    assertEquals(rows, [0, 1, -1, 0]);
    // A band keeps its own end, however long its label is.
    assertEquals(labelled(bands, () => 20, 2)[0]!.toMs, 1);
  },
});

Deno.test({
  name: "valueText() and reading() say unknown, and of how few samples",
  permissions: "none",
  fn() {
    assertEquals(valueText(null, "ms"), "unknown");
    assertEquals(valueText(undefined, "perSecond"), "unknown");
    assertEquals(valueText(0, "ms"), "0 ms");
    assertEquals(valueText(0.1234, "ms"), "0.12 ms");
    assertEquals(valueText(12.34, "ms"), "12.3 ms");
    assertEquals(valueText(2_500, "ms"), "2.50 s");
    assertEquals(valueText(12_345, "perSecond"), "12,345/s");
    assertEquals(valueText(5.999, "messages"), "6.00");
    const line = { name: "p99", colour: 0, values: [9, null], samples: [5, 0] };
    assertEquals(reading(line, 0, "ms"), "9.00 ms (of 5)");
    assertEquals(reading(line, 1, "ms"), "unknown");
    assertEquals(reading({ ...line, samples: [500] }, 0, "ms"), "9.00 ms");
  },
});

Deno.test({
  name:
    "altText() and told() say a chart in words, theory left out of the latter",
  permissions: "none",
  fn() {
    const moment = momentOf(TRIANGLE, { figures: figures(1) }, {
      figures: figures(2, { propagation: null }),
    });
    const { charts } = chartsOf(moment);
    const texts = charts.map(altText).join("\n");
    assertStringIncludes(texts, "Updates. updates: 10/s to 20/s, now 20/s.");
    assertStringIncludes(texts, "p50: 1.00 ms to 1.00 ms, now unknown");
    assertStringIncludes(texts, "Ash: unknown");
    const messages = charts.find(({ id }) => id === "messages")!;
    assertEquals(told(messages, 0), "Messages per update: messages 6.00.");
  },
});
