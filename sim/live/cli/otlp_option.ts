/**
 * The option `--otlp`, the address for traces.
 *
 * @module
 */
import { tracesUrl } from "../report/otlp_export.ts";
import { UsageError } from "./usage_error.ts";

/**
 * The address that `--otlp` gives.
 *
 * @throws {UsageError} If it is invalid.
 */
export function otlpUrl(option: string, text: string): URL {
  const url = tracesUrl(text);
  if (url !== undefined) return url;
  throw new UsageError(`--${option}: "${text}" is no http or https address`);
}
