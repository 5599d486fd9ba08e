import { assert, assertEquals, assertMatch } from "@std/assert";
import { delay } from "@std/async";
import { freePorts } from "../../../free_ports.ts";
import { serverMetrics } from "../../../../sim/live/web/metrics.ts";
import { WatchedHerd } from "./watched_herd.ts";
import { unless, whyNoProgram } from "../../../skipped.ts";

const ROOT = new URL("../../../../", import.meta.url);

async function metricsOf(watched: WatchedHerd): Promise<string> {
  const response = await fetch(`${watched.base}/metrics`);
  assertEquals(response.status, 200);
  assertMatch(response.headers.get("content-type")!, /^text\/plain/);
  return await response.text();
}

/** A sample's value. */
function valueIn(text: string, sample: string): number {
  const line = text.split("\n").find((it) => it.startsWith(`${sample} `));
  assert(line !== undefined, `${sample} in\n${text}`);
  return Number(line.slice(sample.length));
}

/** A herd of three on which there was something of everything. */
async function livelyHerd(): Promise<WatchedHerd> {
  const watched = await WatchedHerd.start("line:3", { places: "embedded" });
  await using client = await watched.herd.client("s0");
  const at = await client.iamat("kiwi", "+34.0-118.4");
  await watched.herd.propagated(at, { withinMs: 10_000 });
  await client.whatsat("kiwi", 10, 1);
  for (const line of ["WHATSAT emu 10 1", "IAMAT x", "JUNK", "JUNK"]) {
    await client.send(line);
  }
  return watched;
}

Deno.test("/metrics counts what each server and link has done", async () => {
  await using watched = await livelyHerd();
  const text = await metricsOf(watched);
  const rows: [sample: string, value: number][] = [
    ['herd_info{topology="line:3",mode="flood",version="0.1.0"}', 1],
    ['herd_server_state{server="s0",state="up"}', 1],
    ['herd_server_updates_total{server="s2"}', 1],
    ['herd_server_replies_total{server="s0",to="iamat"}', 1],
    ['herd_server_replies_total{server="s0",to="whatsat"}', 1],
    ['herd_server_replies_total{server="s0",to="refused"}', 4],
    [
      'herd_server_refused_lines_total{server="s0",reason="unknown-command"}',
      2,
    ],
    ['herd_server_refused_lines_total{server="s0",reason="unknown-client"}', 1],
    ['herd_server_refused_lines_total{server="s0",reason="field-count"}', 1],
    ['herd_server_lookups_total{server="s0",outcome="ok"}', 1],
    ['herd_server_records{server="s1"}', 1],
    ['herd_server_digest_differs{server="s1"}', 0],
    ['herd_link_up{server="s0",peer="s1"}', 1],
    ['herd_link_ups_total{server="s0",peer="s1"}', 1],
    ['herd_link_queued_updates{server="s1",peer="s2"}', 0],
    ["herd_reply_seconds_count", 6],
  ];
  for (const [sample, value] of rows) {
    assertEquals(valueIn(text, sample), value, sample);
  }
  assert(valueIn(text, 'herd_server_heap_bytes{server="s0"}') > 100_000);
  assert(valueIn(text, "herd_process_resident_memory_bytes") > 10_000_000);
  await watched.herd.kill("s1");
  const later = await metricsOf(watched);
  const down = 'herd_server_state{server="s1",state="stopped"}';
  assertEquals(valueIn(later, down), 1);
  assertEquals(valueIn(later, 'herd_faults{fault="kill"}'), 1);
  assert(!later.includes('herd_server_records{server="s1"}'));
});

Deno.test("/metrics measures how long updates take, while it is collected", async () => {
  await using watched = await WatchedHerd.start("line:3");
  await using client = await watched.herd.client("s0");
  for (let count = 0; count === 0;) {
    await client.iamat("kiwi", "+34.0-118.4");
    count = valueIn(await metricsOf(watched), "herd_propagation_seconds_count");
    // Nobody learns more by asking at once.
    await delay(50);
  }
});

Deno.test({
  ...unless(
    whyNoProgram("promtool"),
    "/metrics is as promtool wants metrics to be",
  ),
  async fn() {
    await using watched = await livelyHerd();
    const child = new Deno.Command("promtool", {
      args: ["check", "metrics"],
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(await metricsOf(watched)));
    await writer.close();
    const { code, stdout, stderr } = await child.output();
    const told = new TextDecoder().decode(stdout) +
      new TextDecoder().decode(stderr);
    assertEquals([code, told], [0, ""]);
  },
});

Deno.test({
  ...unless(
    whyNoProgram("prometheus"),
    "/metrics is collected by a real Prometheus, and answers its questions",
  ),
  async fn() {
    await using watched = await livelyHerd();
    const folder = await Deno.makeTempDir();
    await using stack = new AsyncDisposableStack();
    stack.defer(() => Deno.remove(folder, { recursive: true }));
    await Deno.writeTextFile(
      `${folder}/prometheus.yml`,
      "global: {scrape_interval: 100ms}\nscrape_configs:\n" +
        "  - job_name: herd\n    static_configs:\n" +
        `      - targets: ["${new URL(watched.base).host}"]\n`,
    );
    const [port] = freePorts(1);
    const address = `127.0.0.1:${port}`;
    const prometheus = new Deno.Command("prometheus", {
      args: [
        `--config.file=${folder}/prometheus.yml`,
        `--storage.tsdb.path=${folder}/data`,
        `--web.listen-address=${address}`,
      ],
      stdout: "null",
      stderr: "null",
    }).spawn();
    stack.defer(async () => {
      prometheus.kill("SIGKILL");
      await prometheus.status;
    });
    const query = encodeURIComponent("sum(herd_server_updates_total)");
    for (;;) {
      const value = await fetch(`http://${address}/api/v1/query?query=${query}`)
        .then(async (response) => {
          const text = await response.text();
          return response.ok && JSON.parse(text).data.result[0]?.value[1];
        }, () => undefined);
      // Three servers have stored one update.
      if (value === "3") break;
      await delay(50);
    }
  },
});

Deno.test("docs/metrics.md tells of every metric, and the dashboard of none but these", async () => {
  await using watched = await livelyHerd();
  await (await watched.herd.kill("s2")).heal();
  await using cut = await watched.herd.pause("s2");
  const text = await metricsOf(watched);
  assertEquals(cut.targets, ["s2"]);
  const shown = [...text.matchAll(/^# TYPE (\w+)/gm)].map(([, name]) => name!);
  // What has no sample is not shown, as that of hubs here.
  const all = serverMetrics("s0", await watched.herd.stats("s0"));
  const names = [...new Set([...shown, ...all.map(({ name }) => name)])];
  const docs = await Deno.readTextFile(new URL("docs/metrics.md", ROOT));
  // A server by itself has more; see `serve_status.ts`.
  const [ofHerd = ""] = docs.split("\n## Of one server\n");
  const told = [...ofHerd.matchAll(/^\| `(herd_\w+)`/gm)].map(([, name]) =>
    name!
  );
  assertEquals(told.toSorted(), names.toSorted());
  const dashboard = await Deno.readTextFile(
    new URL("examples/grafana/herd.json", ROOT),
  );
  const panels = JSON.parse(dashboard).panels as { targets?: unknown[] }[];
  assert(panels.length > 5);
  const used = [...dashboard.matchAll(/\bherd_[a-z_]+/g)].map(([name]) =>
    name.replace(/_(?:bucket|sum|count)$/, "")
  );
  for (const name of used) assert(names.includes(name), name);
});
