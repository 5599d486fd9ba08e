/**
 * Access control. The page listens on loopback, and any web page open in a
 * browser can send requests there: so requests from other sites or under other
 * host names are refused, and changes need the token.
 *
 * @module
 */
import { isSecret } from "../../../herd/net/constant_time.ts";
import { RouteError } from "./route_error.ts";

/** The parts of a request that show where it comes from. */
export interface Knock {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** Names are in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

const READING: ReadonlySet<string> = new Set(["GET", "HEAD"]);
/**
 * Values of `Sec-Fetch-Site` for requests from this page, or typed by the user.
 */
const OWN_SITE: ReadonlySet<string> = new Set(["same-origin", "none"]);

/** Why a request is refused; `undefined` if it is let in. */
export function refusalOf(
  { method, path, headers }: Knock,
  port: number,
  token: string,
): RouteError | undefined {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  const { host, origin, "sec-fetch-site": site } = headers;
  if (typeof host !== "string" || !hosts.includes(host)) {
    return forbidden(`the host must be ${hosts[0]}`);
  }
  if (
    origin !== undefined && !hosts.some((own) => origin === `http://${own}`)
  ) return forbidden("requests of other sites are not heeded");
  const isLink = path === "/" && headers["sec-fetch-mode"] === "navigate";
  if (site !== undefined && !OWN_SITE.has(`${site}`) && !isLink) {
    return forbidden("requests of other sites are not heeded");
  }
  return READING.has(method) ? undefined : refusalToWrite(headers, token);
}

function refusalToWrite(
  headers: Knock["headers"],
  token: string,
): RouteError | undefined {
  const [type = ""] = `${headers["content-type"] ?? ""}`.split(";");
  if (type.trim().toLowerCase() !== "application/json") {
    const message = "what changes anything needs content-type: " +
      "application/json";
    return new RouteError(415, message);
  }
  const [, given = ""] = /^Bearer +(\S+)$/i
    .exec(`${headers.authorization ?? ""}`) ?? [];
  if (isSecret(given, token)) return undefined;
  const message = "what changes anything needs authorization: Bearer and the " +
    "token, which stands in the address that the herd has printed";
  return new RouteError(401, message);
}

function forbidden(message: string): RouteError {
  return new RouteError(403, message);
}
