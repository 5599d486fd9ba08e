/**
 * Formats numbers and times for display.
 *
 * @module
 */

const GROUPED = new Intl.NumberFormat("en");

/** A whole number with separators: `12,345`. */
export function grouped(number: number): string {
  return GROUPED.format(Math.round(number));
}

const TWO_DIGITS = new Intl.NumberFormat("en", { maximumSignificantDigits: 2 });

/** A rate: of few a second, the fraction too. */
export function rateText(perSecond: number): string {
  return perSecond < 10 ? TWO_DIGITS.format(perSecond) : grouped(perSecond);
}

/** A moment of the run: `12.345 s`, with more digits in a narrow window. */
export function moment(ms: number, windowMs = Infinity): string {
  const digits = windowMs < 5 ? 6 : windowMs < 50 ? 5 : windowMs < 500 ? 4 : 3;
  return `${(ms / 1_000).toFixed(digits)} s`;
}

/** The label of a tick, with as many digits as the distance of ticks needs. */
export function tickText(ms: number, stepMs: number): string {
  const digits = Math.max(0, Math.ceil(-Math.log10(stepMs / 1_000) - 1e-9));
  return `${(ms / 1_000).toFixed(digits)} s`;
}

/** A duration in a suitable unit: `0.83 ms`, `1.20 s`. */
export function lasting(ms: number): string {
  if (!Number.isFinite(ms)) return "–";
  if (ms >= 60_000) return `${(ms / 60_000).toFixed(1)} min`;
  if (ms >= 1_000) return `${(ms / 1_000).toFixed(2)} s`;
  if (ms >= 100) return `${ms.toFixed(0)} ms`;
  if (ms >= 10) return `${ms.toFixed(1)} ms`;
  return `${ms.toFixed(2)} ms`;
}

/** A number of things: `1 server`, `2 servers`. */
export function counted(number: number, one: string, many = `${one}s`): string {
  return `${grouped(number)} ${number === 1 ? one : many}`;
}

export function clientOf(line: string): string {
  return line.split(" ")[3] ?? "";
}
