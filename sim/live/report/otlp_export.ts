/**
 * Sends the traces of a drill's updates to a collector, by OTLP over HTTP with
 * JSON.
 *
 * @module
 */
import type { Platform } from "../../../herd/net/platform.ts";
import type { History } from "../../model/history.ts";
import { otlpJson, spansOf } from "../../model/report/otlp.ts";

/** Spans per request; collectors accept some megabytes. */
const SPANS_MAX = 2_000;
const RUN_BYTES = 8;
const PATH = "/v1/traces";

/**
 * The URL of a collector; one without a path gets the usual path. `undefined`
 * if it is not an HTTP URL.
 */
export function tracesUrl(base: string): URL | undefined {
  const url = URL.parse(base);
  if (url?.protocol !== "http:" && url?.protocol !== "https:") return undefined;
  if (url.pathname === "/") url.pathname = PATH;
  return url;
}

/**
 * Sends all spans of a history; returns how many there were.
 *
 * @param startedMs When it began, in milliseconds since the epoch.
 * @throws {Error} If the collector can't be reached, or refuses them.
 */
export async function exportTraces(
  history: History,
  startedMs: number,
  url: URL,
  { randomBytes }: Pick<Platform, "randomBytes">,
): Promise<number> {
  const run = randomBytes(RUN_BYTES).toHex();
  const spans = spansOf(history, { startedMs, run });
  for (let at = 0; at < spans.length; at += SPANS_MAX) {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(otlpJson(spans.slice(at, at + SPANS_MAX))),
    });
    const answer = await response.text();
    if (!response.ok) {
      throw new Error(`${url} answers ${response.status}: ${answer.trim()}`);
    }
  }
  return spans.length;
}
