/**
 * The HTTP status of a served server: whether it is alive and ready, and its
 * metrics.
 *
 * @module
 */
import { denoPlatform } from "../../../herd/net/deno_platform.ts";
import type { Address } from "../../../herd/net/platform.ts";
import type { Server } from "../../../herd/net/server.ts";
import { type Metric, metricsText } from "../../model/web/prometheus.ts";
import { serverMetrics } from "../web/metrics.ts";
import type { ClockSkews } from "./serve_clocks.ts";
import { listenUsage } from "./listen_error.ts";
import { type StatusAnswer, StatusPort } from "./status_port.ts";

const MS = 1_000;

/** The server that is reported on. */
export interface Served {
  readonly server: Server;
  readonly neighbours: number;
  readonly clocks: ClockSkews;
  /** Whether it is about to end. */
  readonly isEnding: () => boolean;
}

/**
 * Serves `/healthz`, `/readyz` and `/metrics`.
 *
 * @throws {UsageError} If it can't listen there.
 */
export function serveStatus(
  { hostname, port }: Address,
  served: Served,
): AsyncDisposable {
  try {
    return new StatusPort(
      denoPlatform,
      { hostname, port },
      (path) => answer(path, served),
    );
  } catch (error) {
    throw listenUsage("status", { hostname, port }, error);
  }
}

function answer(path: string, served: Served): StatusAnswer {
  switch (path) {
    case "/healthz":
      return { status: 200, text: "ok\n" };
    case "/readyz": {
      const why = unready(served);
      return { status: why ? 503 : 200, text: `${why ?? "ready"}\n` };
    }
    case "/metrics":
      return {
        status: 200,
        text: metricsText(metricsOf(served)),
        type: "text/plain; version=0.0.4",
      };
    default:
      return { status: 404, text: "there is /healthz, /readyz and /metrics\n" };
  }
}

/**
 * Why clients should not be sent there, such as that it may lack others' fixes.
 */
function unready({ server, neighbours, isEnding }: Served): string | undefined {
  if (isEnding()) return "it is about to end";
  if (neighbours === 0 || server.linked().length > 0) return undefined;
  return "no link is up";
}

function metricsOf({ server, clocks }: Served): Metric[] {
  const { name } = server;
  const skews = [...clocks.all()];
  return [
    ...serverMetrics(name, {
      ...server.stats(),
      heapBytes: Deno.memoryUsage().heapUsed,
    }),
    {
      name: "herd_link_clock_ahead_seconds",
      type: "gauge",
      help: "By how much the neighbour's clock is ahead; behind, if below 0.",
      samples: skews.map(([peer, { aheadMs }]) => ({
        labels: { server: name, peer },
        value: aheadMs / MS,
      })),
    },
    {
      name: "herd_process_resident_memory_bytes",
      type: "gauge",
      help: "Resident memory of the process.",
      samples: [{ value: Deno.memoryUsage().rss }],
    },
  ];
}
