/**
 * The result of a check in words: a metric and its value, or why it has none.
 *
 * @module
 */
import { formatDuration } from "../duration.ts";
import { LATENCY_FIGURES, samplesNeeded } from "./latency.ts";
import {
  guaranteeFigure,
  isCountOfViolations,
  type Unit,
} from "./metric_names.ts";
import type { Metrics, MetricValue } from "./metrics.ts";

const NONE_UP = "no server was up at the end";
const NONE_COMPARED = "at the end fewer than two servers were up, " +
  "or one did not say what it holds";

/** Why there is no value, by the metric's name. */
const REASONS: readonly (readonly [
  metrics: RegExp,
  why: string | ((metrics: Metrics, name: string) => string),
])[] = [
  [/^ack\./, "no fix was acknowledged"],
  [/^hop\./, "no update went over a link"],
  [/^to\./, "no update reached that server"],
  [/^detection\./, "no server noticed that another had failed"],
  [/^restarts\.backoff\./, "no server was restarted"],
  [/^(p\d|max$)/, "no update reached every server that was up"],
  [/^load\./, "there was no load"],
  [/^converged$/, NONE_COMPARED],
  [
    /^(lost|stale)/,
    whyNoLosses,
  ],
  [/^time_to_heal$/, whyNotHealed],
  [/^reliability$/, "no fix was acknowledged"],
  [/^messages_per_operation$/, "no client sent anything"],
  [/^redundancy$/, "no update reached a second server"],
  [/^(messages_per_update|last_hop\.)/, "there was no update"],
  [/^sockets\./, "the herd was not stopped"],
  [/^sessions\.staleness\./, whyNoStaleness],
  [/^sessions\.(?:monotonic_reads|read_your_writes)\./, whyNotJudged],
];

/**
 * A metric and its value as text, `p99 is 12ms (of 40)`: a percentile of fewer
 * values than it needs shows their number, and an unknown one shows the reason.
 *
 * @param during The part of the drill that it is limited to, if any.
 * @param other What it is compared with; as text they differ if they do.
 */
export function metricStatement(
  name: string,
  unit: Unit,
  metrics: Metrics,
  during?: string,
  other?: MetricValue,
): string {
  const value = metrics.get(name);
  if (value === undefined) {
    return `${name} is unknown: ${whyUnknown(name, metrics, during)}`;
  }
  const text = `${name} is ${metricText(value, unit, other)}`;
  if (isCountOfViolations(name)) {
    return `${text} (of ${judgedText(name, metrics)})`;
  }
  const figure = LATENCY_FIGURES.find((it) =>
    name === it || name.endsWith(`.${it}`)
  );
  const needed = figure && samplesNeeded(figure);
  if (needed === undefined) return text;
  const prefix = name.slice(0, -figure!.length);
  const samples = metrics.get(`${prefix}samples`);
  return typeof samples === "number" && samples < needed
    ? `${text} (of ${samples})`
    : text;
}

function whyUnknown(
  name: string,
  metrics: Metrics,
  during: string | undefined,
): string {
  if (during !== undefined && metrics.size === 0) {
    return `${during} never began`;
  }
  const found = REASONS.find(([names]) => names.test(name))?.[1] ??
    "nothing was measured";
  const why = typeof found === "string" ? found : found(metrics, name);
  return during === undefined ? why : `${why} during ${during}`;
}

function whyNoLosses(metrics: Metrics, name: string): string {
  if (metrics.get("acknowledged") === 0) return "no fix was acknowledged";
  if (name === "stale" && metrics.get("lost") !== undefined) {
    return "nobody saw what a server had that was not up at the end";
  }
  return metrics.get("faults.pause.residual")
    ? "nobody saw what a server has that was frozen at the end"
    : NONE_UP;
}

function whyNotHealed(metrics: Metrics): string {
  const converged = metrics.get("converged");
  if (converged === undefined) return NONE_COMPARED;
  if (!converged) return "the herd had not converged at the end";
  if (metrics.get("lost")) return "a fix that was acknowledged is lost";
  if (metrics.get("faults.count") === 0) return "there was no fault";
  return metrics.get("faults.residual") === 0
    ? "nothing was told before the last fault ended"
    : "a fault still stood at the end";
}

const NO_SESSION = "no question that says as whom was answered";

function whyNoStaleness(metrics: Metrics): string {
  return metrics.get("sessions.answers") === 0
    ? NO_SESSION
    : "of what was asked for, no fix had been acknowledged";
}

function whyNotJudged(metrics: Metrics, name: string): string {
  if (metrics.get("sessions.answers") === 0) return NO_SESSION;
  const its = figuresOf(metrics, name);
  if (its("judged") !== 0 || its("unknown") !== 0) {
    return `none is seen, of ${judgedText(name, metrics)}`;
  }
  return name.includes("monotonic")
    ? "nobody asked again for what was told before"
    : "nobody asked for what was acknowledged to the same";
}

function figuresOf(metrics: Metrics, name: string) {
  return (figure: "judged" | "unknown") =>
    metrics.get(guaranteeFigure(name, figure));
}

/** The number of answers that a count of violations is based on. */
function judgedText(name: string, metrics: Metrics): string {
  const its = figuresOf(metrics, name);
  const unknown = its("unknown");
  return `${its("judged")} judged` +
    (unknown === 0 ? "" : `, and ${unknown} of which nobody can say`);
}

/**
 * About three digits, or as many as it takes: 0.99996 is not 1, and what is
 * more than a limit does not look like it.
 */
function metricText(
  value: NonNullable<MetricValue>,
  unit: Unit,
  other: MetricValue,
): string {
  if (typeof value === "boolean") return String(value);
  const others = [other, unit === "ms" ? undefined : Math.round(value)]
    .filter((it) => typeof it === "number" && it !== value) as number[];
  const forms = [3, 6, 9].map((digits) => (it: number) =>
    Number(it.toFixed(digits)) + (unit === "ms" ? "ms" : "")
  );
  if (unit === "ms") forms.unshift(shortDuration);
  const form =
    forms.find((text) => others.every((it) => text(it) !== text(value))) ??
      forms.at(-1)!;
  return form(value);
}

function shortDuration(ms: number): string {
  return ms < 100 ? `${Number(ms.toPrecision(3))}ms` : formatDuration(ms);
}
