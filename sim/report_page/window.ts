/**
 * How the time window of a diagram moves.
 *
 * @module
 */
import type { Span } from "./diagram_hits.ts";

const NARROWEST_MS = 0.1;

/** A window, limited to a run of `spanMs` milliseconds. */
export function limited({ fromMs, toMs }: Span, spanMs: number): Span {
  const width = Math.min(spanMs, Math.max(NARROWEST_MS, toMs - fromMs));
  const from = Math.min(Math.max(0, fromMs), spanMs - width);
  return { fromMs: from, toMs: from + width };
}

/** Moved by a share of its width. */
export function panned({ fromMs, toMs }: Span, share: number): Span {
  const by = (toMs - fromMs) * share;
  return { fromMs: fromMs + by, toMs: toMs + by };
}

/** Zoomed; the moment at this share of the width stays in place. */
export function zoomed(
  { fromMs, toMs }: Span,
  factor: number,
  share: number,
): Span {
  const width = toMs - fromMs;
  const wanted = Math.max(NARROWEST_MS, width / factor);
  const from = fromMs + (width - wanted) * share;
  return { fromMs: from, toMs: from + wanted };
}
