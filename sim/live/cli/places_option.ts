/**
 * The places service from the command line or the environment.
 *
 * @module
 */
import type { PlacesOptions } from "../../../herd/net/places/lookup.ts";
import { UsageError } from "./usage_error.ts";

const GOOGLE = "https://maps.googleapis.com";

/**
 * The base address that `--places` gives.
 *
 * @throws {UsageError} If it is invalid.
 */
export function placesUrl(option: string, text: string): string {
  const url = URL.parse(text);
  if (url?.protocol === "http:" || url?.protocol === "https:") {
    return url.href.replace(/\/$/, "");
  }
  throw new UsageError(`--${option}: "${text}" is no http or https address`);
}

/** The service at an address; Google's, if the environment has a key for it. */
export function placesOf(url: string | undefined): PlacesOptions | undefined {
  const key = Deno.env.get("PLACES_API_KEY") || undefined;
  if (url !== undefined) return { base: url, ...key !== undefined && { key } };
  return key === undefined ? undefined : { base: GOOGLE, key };
}
