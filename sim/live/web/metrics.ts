/**
 * The metrics of a herd, by server and by link. docs/metrics.md describes each.
 *
 * @module
 */
import type { LinkStats } from "../../../herd/net/account.ts";
import type { HubStats } from "../../../herd/net/hub/hub_link.ts";
import type { HostedStats, TimedDigest } from "../../worlds/questions.ts";
import { NEXT } from "../../model/lifecycle.ts";
import type { Histogram, Metric, Sample } from "../../model/web/prometheus.ts";
import type { Herd } from "../herd/herd.ts";
import type { ServerStatus } from "../servers/status.ts";

/** What is known of a server; `stats` and `digest` need it to be up. */
interface Known {
  readonly status: Pick<ServerStatus, "name" | "state" | "restarts">;
  readonly stats: HostedStats | undefined;
  readonly digest: TimedDigest | undefined;
}

/** A metric of servers, and its samples for one. */
type OfServer = readonly [
  name: string,
  help: string,
  of: (known: Known) => Sample[],
];

/** A metric of links, and its samples for one end. */
type OfLink = readonly [
  name: string,
  help: string,
  of: (link: LinkStats) => Sample[],
];

const MS = 1_000;

/** Histograms in seconds. */
interface Durations {
  readonly propagation: Histogram;
  readonly replies: Histogram;
}

/** The present metrics of a herd. */
export async function herdMetrics(
  herd: Herd,
  version: string,
  { propagation, replies }: Durations,
): Promise<Metric[]> {
  const all = await Promise.all(
    herd.status().map((status) => lookAt(herd, status)),
  );
  // Prometheus treats an empty label as absent.
  const { topology, knownMode: mode = "" } = herd;
  const info = { topology: topology.name, mode, version };
  const faults = Map.groupBy(herd.faults.active, ({ fault }) => fault);
  return [
    metric("herd_info", "Which herd it is; always 1.", [
      { labels: info, value: 1 },
    ]),
    ...metricsOfServers(all),
    digestMetric(herd, all),
    ...metricsOfLinks(all),
    metric(
      "herd_faults",
      "Faults that stand.",
      [...faults].map(([fault, its]) => ({
        labels: { fault },
        value: its.length,
      })),
    ),
    {
      name: "herd_propagation_seconds",
      type: "histogram",
      help: "From the first server that knows an update to the last one.",
      samples: propagation.samples(),
    },
    {
      name: "herd_reply_seconds",
      type: "histogram",
      help: "Replies to the workbench's own clients: from line to reply.",
      samples: replies.samples(),
    },
    metric(
      "herd_process_resident_memory_bytes",
      "Resident memory of the process that all servers are in.",
      [{ value: Deno.memoryUsage().rss }],
    ),
  ];
}

/** The metrics of a server that runs by itself. */
export function serverMetrics(name: string, stats: HostedStats): Metric[] {
  const status = { name, state: "up", restarts: 0 } as const;
  const all = [{ status, stats, digest: undefined }];
  return [...metricsOfServers(all), ...metricsOfLinks(all)];
}

function metricsOfServers(all: readonly Known[]): Metric[] {
  return [...SERVERS, ...HUB].map(([name, help, of]) =>
    metric(name, help, all.flatMap((it) => labelled(it, of(it))))
  );
}

function metricsOfLinks(all: readonly Known[]): Metric[] {
  return LINKS.map(([name, help, of]) =>
    metric(name, help, all.flatMap((it) => ofLinks(it, of)))
  );
}

async function lookAt(herd: Herd, status: ServerStatus): Promise<Known> {
  const { name, state } = status;
  const nothing = { status, stats: undefined, digest: undefined };
  if (state !== "up") return nothing;
  try {
    const [stats, digest] = await Promise.all([
      herd.stats(name),
      herd.digest(name),
    ]);
    return { status, stats, digest };
  } catch {
    // It has ended in the meantime.
    return nothing;
  }
}

/** A counter or a gauge; the name says which. */
function metric(
  name: string,
  help: string,
  samples: readonly Sample[],
): Metric {
  const type = name.endsWith("_total") ? "counter" : "gauge";
  return { name, type, help, samples };
}

function labelled(
  { status: { name: server } }: Known,
  samples: readonly Sample[],
): Sample[] {
  return samples.map((it) => ({ ...it, labels: { server, ...it.labels } }));
}

function ofLinks(
  { status: { name: server }, stats }: Known,
  of: (link: LinkStats) => Sample[],
): Sample[] {
  return (stats?.byLink ?? []).flatMap((link) =>
    of(link).map((it) => ({
      ...it,
      labels: { server, peer: link.peer, ...it.labels },
    }))
  );
}

/** Whether a server holds other records than most servers that are up. */
function digestMetric(herd: Herd, all: readonly Known[]): Metric {
  const textOf = ({ count, fingerprint }: TimedDigest) =>
    `${count} ${fingerprint}`;
  const known = all.flatMap((it) =>
    it.digest ? [{ ...it, digest: it.digest }] : []
  );
  const sizes = [...Map.groupBy(known, (it) => textOf(it.digest))]
    .sort(([, a], [, b]) => b.length - a.length);
  const most = sizes[0]?.[0];
  return metric(
    "herd_server_digest_differs",
    "Whether it holds other records than most servers that are up: 1 if so.",
    // In this mode records are meant to differ.
    herd.mode === "ondemand"
      ? []
      : known.flatMap((it) =>
        labelled(it, [{ value: textOf(it.digest) === most ? 0 : 1 }])
      ),
  );
}

/** Samples of a server's counters; none if they are not known. */
function ofStats(
  of: (stats: HostedStats) => number | Sample[],
): (known: Known) => Sample[] {
  return ({ stats }) => {
    if (stats === undefined) return [];
    const found = of(stats);
    return typeof found === "number" ? [{ value: found }] : found;
  };
}

/** Samples of a gateway's counters for its hub; none for other servers. */
function ofHub(of: (hub: HubStats) => number): (known: Known) => Sample[] {
  return ofStats(({ hub }) => hub === undefined ? [] : of(hub));
}

/** Samples that differ in one label. */
function both(label: string, values: Readonly<Record<string, number>>) {
  return Object.entries(values).map(([name, value]): Sample => ({
    labels: { [label]: name },
    value,
  }));
}

const SERVERS: readonly OfServer[] = [
  [
    "herd_server_state",
    "1 for the state that it is in.",
    (it) =>
      Object.keys(NEXT).map((state) => ({
        labels: { state },
        value: it.status.state === state ? 1 : 0,
      })),
  ],
  [
    "herd_server_restarts_total",
    "Restarts after it had ended by itself.",
    ({ status }) => [{ value: status.restarts }],
  ],
  [
    "herd_server_updates_total",
    "Fixes stored, newer than what it held.",
    ofStats(({ stored }) => stored),
  ],
  [
    "herd_server_replies_total",
    "Lines of clients that were answered, by how.",
    ofStats(({ iamat, whatsat, bad }) =>
      both("to", { iamat, whatsat, refused: bad })
    ),
  ],
  [
    "herd_server_refused_lines_total",
    "Lines of clients that were answered by ?, by what was wrong with them.",
    ofStats(({ refused }) => both("reason", refused)),
  ],
  [
    "herd_server_lookups_total",
    "Lookups of places, by how they came out.",
    ofStats(({ lookups }) => both("outcome", lookups)),
  ],
  [
    "herd_server_bytes_total",
    "Bytes that clients and neighbours sent, and were sent.",
    ofStats((it) => both("direction", { in: it.bytesIn, out: it.bytesOut })),
  ],
  [
    "herd_server_update_lines_total",
    "AT lines that came from neighbours, and went to them.",
    ofStats((it) => both("direction", { in: it.atIn, out: it.atOut })),
  ],
  [
    "herd_server_duplicate_lines_total",
    "AT lines that came and were not newer than what it held.",
    ofStats(({ duplicates }) => duplicates),
  ],
  [
    "herd_server_control_lines_total",
    "Lines of trees, queries and syncs that went to neighbours.",
    ofStats((it) =>
      both("for", { dissemination: it.controlOut, sync: it.syncOut })
    ),
  ],
  [
    "herd_server_queries_total",
    "Times that the herd was asked for a client, by whether all answered.",
    ofStats(({ queries, queriesPartial }) =>
      both("answered", { all: queries - queriesPartial, some: queriesPartial })
    ),
  ],
  [
    "herd_server_records",
    "Clients whose fix it holds.",
    ofStats(({ records }) => records),
  ],
  [
    "herd_server_queued_updates",
    "Fixes that wait to be sent to neighbours.",
    ofStats(({ queued }) => queued),
  ],
  [
    "herd_server_connections",
    "Connections of clients that are open.",
    ofStats(({ clients }) => clients),
  ],
  [
    "herd_server_event_loop_lag_seconds",
    "By how much its last keepalive was late.",
    ofStats(({ lagMs }) => lagMs / MS),
  ],
  [
    "herd_server_heap_bytes",
    "Memory of its own that is in use.",
    ofStats(({ heapBytes }) => heapBytes),
  ],
];

const HUB: readonly OfServer[] = [
  [
    "herd_hub_up",
    "Whether it is connected to its hub: 1 if so.",
    ofHub(({ isUp }) => isUp ? 1 : 0),
  ],
  [
    "herd_hub_ups_total",
    "How often it connected to its hub.",
    ofHub(({ ups }) => ups),
  ],
  [
    "herd_hub_queued_updates",
    "Fixes that wait to be told to its hub.",
    ofHub(({ waiting }) => waiting),
  ],
  [
    "herd_hub_published_total",
    "Fixes that its hub has acknowledged.",
    ofHub(({ published }) => published),
  ],
  [
    "herd_hub_merged_total",
    "Messages of its hub that were newer than what it held.",
    ofHub(({ merged }) => merged),
  ],
  [
    "herd_hub_put_back_total",
    "Fixes that its hub turned out to lack, and was told again.",
    ofHub(({ putBack }) => putBack),
  ],
];

const LINKS: readonly OfLink[] = [
  ["herd_link_up", "Whether this end has the link up: 1 if so.", (
    { isUp },
  ) => [{ value: isUp ? 1 : 0 }]],
  ["herd_link_ups_total", "How often it came up.", ({ ups }) => [
    { value: ups },
  ]],
  [
    "herd_link_lines_total",
    "Lines of whatever kind, that came and that went.",
    (it) => both("direction", { in: it.linesIn, out: it.linesOut }),
  ],
  ["herd_link_bytes_total", "Bytes that came and that went.", (
    it,
  ) => both("direction", { in: it.bytesIn, out: it.bytesOut })],
  [
    "herd_link_queued_updates",
    "Fixes that wait to be sent.",
    ({ queued }) => [{ value: queued }],
  ],
  [
    "herd_link_oldest_queued_seconds",
    "How long the one has waited that waits longest, in whole seconds.",
    ({ waitedS }) => [{ value: waitedS }],
  ],
  ["herd_link_syncs_total", "Syncs that came to their end.", (
    { syncs },
  ) => [{ value: syncs }]],
  [
    "herd_link_last_sync_timestamp_seconds",
    "When the last of them did, since the epoch.",
    ({ lastSyncMs }) => lastSyncMs === null ? [] : [{ value: lastSyncMs / MS }],
  ],
  [
    "herd_link_repairs_total",
    "Checks that found a fix lost, and had it sent.",
    ({ repairs }) => [{ value: repairs }],
  ],
];
