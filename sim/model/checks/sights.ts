/**
 * What must be observable in a herd for a check to be possible.
 *
 * @module
 */
import { type Sight, unseenText } from "../sight.ts";
import type { Evidence } from "./evidence.ts";
import { isOfSpreading } from "./metric_names.ts";
import { type SafetyCheck, safetyChecksOf } from "./violation.ts";

/** What metrics need, by their names; others need nothing. */
const MEASURED_BY: readonly (readonly [metrics: RegExp, sights: Sight[]])[] = [
  [/^(?:flood|least)_messages$/, []],
  [/^(?:converged|lost|stale)$/, ["records"]],
  [/^lost\.unexplained$/, ["records", "deliveries"]],
  [/^time_to_heal$/, ["records", "deliveries"]],
  [/^(?:updates|ties|control_lines|lines\..*|messages_per_operation)$/, [
    "deliveries",
  ]],
  [/^(?:detection\.|links\.lost$|repairs$)/, ["links"]],
  [/^queues\./, ["memory"]],
];

/** What must be observable to measure something. */
export function sightsOf(metric: string): readonly Sight[] {
  const found = MEASURED_BY.find(([names]) => names.test(metric));
  if (found !== undefined) return found[1];
  return isOfSpreading(metric) ? ["deliveries"] : [];
}

/** Safety checks that need more than what clients were answered. */
const SAFETY_SIGHTS: Partial<Record<SafetyCheck, readonly Sight[]>> = {
  "no older fix over a newer": ["deliveries"],
  "no AT from a stranger": ["deliveries"],
  "no repair without a fault": ["links"],
  "no bad line on a link": ["links"],
  "one connection a link": ["deliveries"],
  "nothing missed on demand": ["deliveries"],
};

/**
 * The kind of fault that a metric is about, as in `faults.garbage.touched`; or
 * "".
 */
function faultOf(metric: string): string {
  return /^faults\.(\w+)\./.exec(metric)?.[1] ?? "";
}

/**
 * Why metrics are missing, by what was observable; `undefined` if they are not.
 */
export function unseenMetrics(
  metrics: readonly string[],
  { seen }: Evidence,
): string | undefined {
  if (seen === undefined) return undefined;
  const whys = metrics.flatMap((metric) => {
    const why = seen.cannot?.get(faultOf(metric)) ??
      unseenText(sightsOf(metric), seen.sees, seen.world);
    return why === undefined ? [] : [`${metric}: ${why}`];
  });
  return whys.length === 0 ? undefined : whys.join("; ");
}

/** The safety checks that could not be made, and why. */
export function unseenSafety(
  { seen, mode }: Evidence,
): Map<SafetyCheck, string> {
  const found = new Map<SafetyCheck, string>();
  if (seen === undefined) return found;
  for (const check of safetyChecksOf(mode)) {
    const needs = SAFETY_SIGHTS[check] ?? [];
    const why = unseenText(needs, seen.sees, seen.world);
    if (why !== undefined) found.set(check, why);
  }
  return found;
}
