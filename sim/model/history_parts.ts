/**
 * A history by parts. Nearly all of it is traffic, which most readers skip: so
 * it is divided once for all of them.
 *
 * @module
 */
import type { History, HistoryEvent } from "./history.ts";

/** A fix came to a server. */
export type Delivery = Extract<HistoryEvent, { kind: "delivery" }>;
/** A fix was written to a link. */
export type Sent = Extract<HistoryEvent, { kind: "sent" }>;
/** Anything but a fix on its way. */
export type OtherEvent = Exclude<HistoryEvent, Delivery | Sent>;

/** The events of a history, each part in order of time. */
export interface HistoryParts {
  readonly sent: readonly Sent[];
  /** All but what was sent. */
  readonly rest: readonly (Delivery | OtherEvent)[];
  /** All that is no traffic. */
  readonly others: readonly OtherEvent[];
  /** The lines of fixes on their way: each once, in order of its first event. */
  readonly lines: readonly string[];
  /** When each of them was first seen. */
  readonly firstMs: readonly number[];
  /** Of each event of `sent`, the index of its line. */
  readonly sentLines: Int32Array;
  /** The same of each event of `rest`; -1: it has none. */
  readonly restLines: Int32Array;
}

/** Of histories that are in use, their parts, and how much was divided. */
const divided = new WeakMap<
  History,
  { readonly parts: HistoryParts; readonly length: number }
>();

/** Divides a history; one that has grown since is divided again. */
export function partsOf(history: History): HistoryParts {
  const known = divided.get(history);
  if (known?.length === history.length) return known.parts;
  const sent: Sent[] = [];
  const rest: (Delivery | OtherEvent)[] = [];
  const others: OtherEvent[] = [];
  const numbers = new Map<string, number>();
  const sentLines = new Int32Array(history.length);
  const restLines = new Int32Array(history.length);
  const firstMs: number[] = [];
  const numberOf = ({ line, atMs }: Sent | Delivery) => {
    let number = numbers.get(line);
    if (number === undefined) {
      numbers.set(line, number = numbers.size);
      firstMs.push(atMs);
    }
    return number;
  };
  for (const event of history) {
    if (event.kind === "sent") {
      sentLines[sent.length] = numberOf(event);
      sent.push(event);
      continue;
    }
    const isDelivery = event.kind === "delivery";
    restLines[rest.length] = isDelivery ? numberOf(event) : -1;
    rest.push(event);
    if (!isDelivery) others.push(event);
  }
  const parts: HistoryParts = {
    sent,
    rest,
    others,
    lines: [...numbers.keys()],
    firstMs,
    sentLines: sentLines.subarray(0, sent.length),
    restLines: restLines.subarray(0, rest.length),
  };
  divided.set(history, { parts, length: history.length });
  return parts;
}

/** The events of a kind, in order of time. */
export function eventsOf<K extends OtherEvent["kind"]>(
  history: History,
  kind: K,
): Extract<OtherEvent, { kind: K }>[] {
  return partsOf(history).others.filter((event) =>
    event.kind === kind
  ) as Extract<OtherEvent, { kind: K }>[];
}
