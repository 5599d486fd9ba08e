/**
 * The paths of updates as OpenTelemetry spans, in OTLP's JSON: each hop is a
 * child of the one by which its sender learned of the update.
 *
 * @module
 */
import { type Crossing, crossingsOf } from "../crossings.ts";
import { type Delivery, partsOf } from "../history_parts.ts";
import type { History } from "../history.ts";
import { clientOf } from "../line_events.ts";

/** The kinds of spans, as OTLP numbers them. */
const KINDS = { server: 2, consumer: 5 } as const;
const STATUS_ERROR = 2;

/** An attribute of a span. */
export interface Attribute {
  readonly key: string;
  readonly value:
    | { readonly stringValue: string }
    | { readonly boolValue: boolean };
}

/** One step of an update: from a client to a server, or between two servers. */
export interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly Attribute[];
  readonly status?: { readonly code: number; readonly message: string };
}

/** A span, and the server that it belongs to. */
export interface ServerSpan {
  readonly server: string;
  readonly span: Span;
}

/** What distinguishes the spans of one run from all others. */
export interface OtlpOptions {
  /** When the history began, in milliseconds since the epoch. */
  readonly startedMs: number;
  /** 16 unique hex digits. */
  readonly run: string;
}

/** How a server learned of an update. */
interface Receipt {
  readonly atMs: number;
  readonly spanId: string;
}

/** The spans of a history, trace by trace. */
export function spansOf(history: History, options: OtlpOptions): ServerSpan[] {
  return new Spans(options).of(history);
}

class Spans {
  readonly #options: OtlpOptions;
  readonly #traceIds = new Map<string, string>();
  /** By server and line. */
  readonly #receipts = new Map<string, Receipt[]>();
  #spans = 0;

  constructor(options: OtlpOptions) {
    this.#options = options;
  }

  of(history: History): ServerSpan[] {
    const roots = partsOf(history).rest.filter((event): event is Delivery =>
      event.kind === "delivery" && event.from === null
    );
    const crossings = crossingsOf(history).crossings
      .toSorted((a, b) => a.sent.atMs - b.sent.atMs);
    const ends = new Map<string, number>();
    for (const { sent: { line }, copies: [first] } of crossings) {
      const atMs = first?.atMs ?? 0;
      ends.set(line, Math.max(ends.get(line) ?? 0, atMs));
    }
    const rootIds = roots.map((it) => this.#received(it));
    const hopIds = crossings.map(({ copies: [first] }) =>
      first === undefined ? this.#newId() : this.#received(first)
    );
    return [
      ...roots.map((it, at) => this.#root(it, rootIds[at]!, ends)),
      ...crossings.map((it, at) => this.#hop(it, hopIds[at]!)),
    ];
  }

  #newId(): string {
    return (++this.#spans).toString(16).padStart(16, "0");
  }

  /** The ID of the span by which a server learned of a fix. */
  #received({ server, line, atMs, isNew }: Delivery): string {
    const spanId = this.#newId();
    if (!isNew) return spanId;
    const key = `${server} ${line}`;
    this.#receipts.getOrInsertComputed(key, () => []).push({ atMs, spanId });
    return spanId;
  }

  #traceOf(line: string): string {
    return this.#traceIds.getOrInsertComputed(line, () => {
      const number = this.#traceIds.size + 1;
      return this.#options.run + number.toString(16).padStart(16, "0");
    });
  }

  #root(
    { server, line, atMs, isNew }: Delivery,
    spanId: string,
    ends: ReadonlyMap<string, number>,
  ): ServerSpan {
    const client = clientOf(line);
    return {
      server,
      span: {
        traceId: this.#traceOf(line),
        spanId,
        name: `IAMAT ${client}`,
        kind: KINDS.server,
        startTimeUnixNano: this.#nanos(atMs),
        endTimeUnixNano: this.#nanos(Math.max(atMs, ends.get(line) ?? 0)),
        attributes: [
          text("herd.client", client),
          text("herd.line", line),
          flag("herd.is_new", isNew),
        ],
      },
    };
  }

  #hop({ sent, copies, fate }: Crossing, spanId: string): ServerSpan {
    const { server: from, to, line, atMs, connection = "" } = sent;
    const [first] = copies;
    const parent = this.#receipts.get(`${from} ${line}`)
      ?.filter((it) => it.atMs <= atMs)
      .reduce((a, b) => a.atMs > b.atMs ? a : b, NEVER);
    return {
      // A line that never arrived belongs to its writer.
      server: first === undefined ? from : to,
      span: {
        traceId: this.#traceOf(line),
        spanId,
        ...parent && parent !== NEVER && { parentSpanId: parent.spanId },
        name: `${from} to ${to}`,
        kind: KINDS.consumer,
        startTimeUnixNano: this.#nanos(atMs),
        endTimeUnixNano: this.#nanos(Math.max(atMs, first?.atMs ?? 0)),
        attributes: [
          text("herd.client", clientOf(line)),
          text("herd.line", line),
          text("herd.from", from),
          text("herd.to", to),
          text("herd.fate", fate),
          text("herd.connection", connection),
          flag("herd.is_new", first?.isNew === true),
        ],
        ...fate === "lost" &&
          { status: { code: STATUS_ERROR, message: "lost on its way" } },
      },
    };
  }

  /** Whole microseconds are exact in a double, nanoseconds are not. */
  #nanos(atMs: number): string {
    return `${Math.round((this.#options.startedMs + atMs) * 1_000)}000`;
  }
}

const NEVER: Receipt = { atMs: -Infinity, spanId: "" };

function text(key: string, stringValue: string): Attribute {
  return { key, value: { stringValue } };
}

function flag(key: string, boolValue: boolean): Attribute {
  return { key, value: { boolValue } };
}

/** Spans in a collector's format: each server is a service. */
export function otlpJson(spans: readonly ServerSpan[]): object {
  const byServer = Map.groupBy(spans, ({ server }) => server);
  return {
    resourceSpans: [...byServer].map(([server, its]) => ({
      resource: {
        attributes: [
          text("service.name", server),
          text("service.namespace", "herd"),
        ],
      },
      scopeSpans: [{
        scope: { name: "herd" },
        spans: its.map(({ span }) => span),
      }],
    })),
  };
}
