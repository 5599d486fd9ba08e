/**
 * Metrics in Prometheus' text format.
 *
 * @module
 */

/** Labels of a sample: `{server: "Alford"}`. */
export type Labels = Readonly<Record<string, string>>;

/** One value of a metric. */
export interface Sample {
  readonly labels?: Labels;
  /** Suffix of the metric's name: `_bucket`, `_sum`, `_count`. */
  readonly part?: string;
  readonly value: number;
}

/** A metric, with all its samples. */
export interface Metric {
  /** Its name, with its unit; that of a counter ends in `_total`. */
  readonly name: string;
  /** Its meaning, in a sentence. */
  readonly help: string;
  readonly type: "counter" | "gauge" | "histogram";
  readonly samples: readonly Sample[];
}

/**
 * Metrics in Prometheus' text format, version 0.0.4.
 *
 * @example
 * ```ts
 * import { metricsText } from "./prometheus.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const samples = [{ labels: { server: "Ash" }, value: 1 }];
 * assertEquals(
 *   metricsText([{ name: "herd_up", help: "Up.", type: "gauge", samples }]),
 *   '# HELP herd_up Up.\n# TYPE herd_up gauge\nherd_up{server="Ash"} 1\n',
 * );
 * ```
 */
export function metricsText(metrics: readonly Metric[]): string {
  return metrics.filter(({ samples }) => samples.length > 0).map(metricText)
    .join("");
}

function metricText({ name, help, type, samples }: Metric): string {
  const lines = samples.map(({ labels = {}, part = "", value }) =>
    `${name}${part}${labelsText(labels)} ${valueText(value)}\n`
  );
  return `# HELP ${name} ${escaped(help)}\n# TYPE ${name} ${type}\n` +
    lines.join("");
}

function labelsText(labels: Labels): string {
  const texts = Object.entries(labels).map(([label, value]) =>
    `${label}="${escaped(value).replaceAll('"', '\\"')}"`
  );
  return texts.length === 0 ? "" : `{${texts.join(",")}}`;
}

function escaped(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}

function valueText(value: number): string {
  if (value === Infinity) return "+Inf";
  return value === -Infinity ? "-Inf" : String(value);
}

/** Counts samples by size. */
export class Histogram {
  readonly #bounds: readonly number[];
  readonly #counts: number[];
  #sum = 0;

  /** @param bounds The buckets' upper bounds, ascending; one more takes the rest. */
  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.#counts = Array(bounds.length + 1).fill(0);
  }

  add(value: number): void {
    const at = this.#bounds.findIndex((bound) => value <= bound);
    this.#counts[at < 0 ? this.#bounds.length : at]!++;
    this.#sum += value;
  }

  /** Its samples, each bucket with those before it. */
  samples(): Sample[] {
    let count = 0;
    const buckets = this.#counts.map((its, at): Sample => ({
      part: "_bucket",
      labels: { le: valueText(this.#bounds[at] ?? Infinity) },
      value: count += its,
    }));
    return [
      ...buckets,
      { part: "_sum", value: this.#sum },
      { part: "_count", value: count },
    ];
  }
}
