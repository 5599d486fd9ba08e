/**
 * The option that says where traces go.
 *
 * @module
 */
import { tracesUrl } from "../report/otlp_export.ts";
import { UsageError } from "./usage_error.ts";

/**
 * The address that `--otlp` names.
 *
 * @throws {UsageError} If it is none.
 */
export function otlpUrlOf(text: string): URL {
  const url = tracesUrl(text);
  if (url !== undefined) return url;
  throw new UsageError(`--otlp: "${text}" is no http or https address`);
}
