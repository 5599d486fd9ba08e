/**
 * The metrics of a herd, by server and by link. docs/metrics.md describes each.
 *
 * @module
 */
import type { LinkStats } from "../../../herd/net/account.ts";
import type { HubStats } from "../../../herd/net/hub/hub_link.ts";
import type { HostedStats, TimedDigest } from "../../worlds/questions.ts";
import { NEXT } from "../../model/lifecycle.ts";
import type {
  Histogram,
  Labels,
  Metric,
  Sample,
} from "../../model/web/prometheus.ts";
import type { Herd } from "../herd/herd.ts";
import type { ServerStatus } from "../servers/status.ts";

/** What is known of a server; `stats` and `digest` need it to be up. */
interface Known {
  readonly status: Pick<ServerStatus, "name" | "state" | "restarts">;
  readonly stats: HostedStats | undefined;
  readonly digest: TimedDigest | undefined;
}

/** Metrics by name: what each means, and how it reads in one of its subjects. */
type Table<Of> = Readonly<
  Record<string, readonly [help: string, of: (of: Of) => number | Sample[]]>
>;

/** What metrics are told of, and its labels. */
type Subject<Of> = readonly [of: Of, labels: Labels];

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
    ...digestMetrics(herd, all),
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
  const server = ({ name }: Known["status"]) => ({ server: name });
  const asked = all.flatMap(({ status, stats }) =>
    stats ? [[stats, server(status)] as const] : []
  );
  return [
    ...metricsIn(STATES, all.map(({ status }) => [status, server(status)])),
    ...metricsIn(SERVERS, asked),
    ...metricsIn(
      HUB,
      asked.flatMap(([{ hub }, labels]) => hub ? [[hub, labels]] : []),
    ),
  ];
}

function metricsOfLinks(all: readonly Known[]): Metric[] {
  const links = all.flatMap(({ status: { name: server }, stats }) =>
    (stats?.byLink ?? []).map((link) =>
      [link, { server, peer: link.peer }] as const
    )
  );
  return metricsIn(LINKS, links);
}

function metricsIn<Of>(
  table: Table<Of>,
  subjects: readonly Subject<Of>[],
): Metric[] {
  return Object.entries(table).map(([name, [help, of]]) => {
    const samples = subjects.flatMap(([subject, labels]) => {
      const told = of(subject);
      const all: Sample[] = typeof told === "number" ? [{ value: told }] : told;
      return all.map((it) => ({ ...it, labels: { ...labels, ...it.labels } }));
    });
    return metric(name, help, samples);
  });
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

/** Whether a server holds other records than most servers that are up. */
function digestMetrics(herd: Herd, all: readonly Known[]): Metric[] {
  const textOf = ({ count, fingerprint }: TimedDigest) =>
    `${count} ${fingerprint}`;
  const known = all.flatMap(({ digest, status: { name } }) =>
    digest ? [[textOf(digest), { server: name }] as const] : []
  );
  const sizes = [...Map.groupBy(known, ([text]) => text)]
    .sort(([, a], [, b]) => b.length - a.length);
  const most = sizes[0]?.[0];
  return metricsIn({
    herd_server_digest_differs: [
      "Whether it holds other records than most servers that are up: 1 if so.",
      (text) => text === most ? 0 : 1,
    ],
    // In this mode records are meant to differ.
  }, herd.mode === "ondemand" ? [] : known);
}

/** Samples that differ in one label. */
function both(label: string, values: Readonly<Record<string, number>>) {
  return Object.entries(values).map(([name, value]): Sample => ({
    labels: { [label]: name },
    value,
  }));
}

const STATES: Table<Known["status"]> = {
  herd_server_state: [
    "1 for the state that it is in.",
    (it) =>
      Object.keys(NEXT).map((state) => ({
        labels: { state },
        value: it.state === state ? 1 : 0,
      })),
  ],
  herd_server_restarts_total: [
    "Restarts after it had ended by itself.",
    ({ restarts }) => restarts,
  ],
};

const SERVERS: Table<HostedStats> = {
  herd_server_updates_total: [
    "Fixes stored, newer than what it held.",
    ({ stored }) => stored,
  ],
  herd_server_replies_total: [
    "Lines of clients that were answered, by how.",
    ({ iamat, whatsat, bad }) => both("to", { iamat, whatsat, refused: bad }),
  ],
  herd_server_refused_lines_total: [
    "Lines of clients that were answered by ?, by what was wrong with them.",
    ({ refused }) => both("reason", refused),
  ],
  herd_server_lookups_total: [
    "Lookups of places, by how they came out.",
    ({ lookups }) => both("outcome", lookups),
  ],
  herd_server_bytes_total: [
    "Bytes that clients and neighbours sent, and were sent.",
    (it) => both("direction", { in: it.bytesIn, out: it.bytesOut }),
  ],
  herd_server_update_lines_total: [
    "AT lines that came from neighbours, and went to them.",
    (it) => both("direction", { in: it.atIn, out: it.atOut }),
  ],
  herd_server_duplicate_lines_total: [
    "AT lines that came and were not newer than what it held.",
    ({ duplicates }) => duplicates,
  ],
  herd_server_control_lines_total: [
    "Lines of trees, queries and syncs that went to neighbours.",
    (it) => both("for", { dissemination: it.controlOut, sync: it.syncOut }),
  ],
  herd_server_queries_total: [
    "Times that the herd was asked for a client, by whether all answered.",
    ({ queries, queriesPartial }) =>
      both("answered", { all: queries - queriesPartial, some: queriesPartial }),
  ],
  herd_server_records: [
    "Clients whose fix it holds.",
    ({ records }) => records,
  ],
  herd_server_queued_updates: [
    "Fixes that wait to be sent to neighbours.",
    ({ queued }) => queued,
  ],
  herd_server_connections: [
    "Connections of clients that are open.",
    ({ clients }) => clients,
  ],
  herd_server_event_loop_lag_seconds: [
    "By how much its last keepalive was late.",
    ({ lagMs }) => lagMs / MS,
  ],
  herd_server_heap_bytes: [
    "Memory of its own that is in use.",
    ({ heapBytes }) => heapBytes,
  ],
};

const HUB: Table<HubStats> = {
  herd_hub_up: [
    "Whether it is connected to its hub: 1 if so.",
    ({ isUp }) => isUp ? 1 : 0,
  ],
  herd_hub_ups_total: ["How often it connected to its hub.", ({ ups }) => ups],
  herd_hub_queued_updates: [
    "Fixes that wait to be told to its hub.",
    ({ waiting }) => waiting,
  ],
  herd_hub_published_total: [
    "Fixes that its hub has acknowledged.",
    ({ published }) => published,
  ],
  herd_hub_merged_total: [
    "Messages of its hub that were newer than what it held.",
    ({ merged }) => merged,
  ],
  herd_hub_put_back_total: [
    "Fixes that its hub turned out to lack, and was told again.",
    ({ putBack }) => putBack,
  ],
};

const LINKS: Table<LinkStats> = {
  herd_link_up: [
    "Whether this end has the link up: 1 if so.",
    ({ isUp }) => isUp ? 1 : 0,
  ],
  herd_link_ups_total: ["How often it came up.", ({ ups }) => ups],
  herd_link_lines_total: [
    "Lines of whatever kind, that came and that went.",
    (it) => both("direction", { in: it.linesIn, out: it.linesOut }),
  ],
  herd_link_bytes_total: [
    "Bytes that came and that went.",
    (it) => both("direction", { in: it.bytesIn, out: it.bytesOut }),
  ],
  herd_link_queued_updates: [
    "Fixes that wait to be sent.",
    ({ queued }) => queued,
  ],
  herd_link_oldest_queued_seconds: [
    "How long the one has waited that waits longest, in whole seconds.",
    ({ waitedS }) => waitedS,
  ],
  herd_link_syncs_total: [
    "Syncs that came to their end.",
    ({ syncs }) => syncs,
  ],
  herd_link_last_sync_timestamp_seconds: [
    "When the last of them did, since the epoch.",
    ({ lastSyncMs }) => lastSyncMs === null ? [] : [{ value: lastSyncMs / MS }],
  ],
  herd_link_repairs_total: [
    "Checks that found a fix lost, and had it sent.",
    ({ repairs }) => repairs,
  ],
};
