/**
 * Who is let in. The page listens on loopback, which every web page that is open
 * in a browser can send requests to: so none is heeded that another site has
 * sent, or that came by another name, and only who knows the token changes
 * anything.
 *
 * @module
 */
import { isSecret } from "../../../herd/net/constant_time.ts";

/** What of a request tells where it comes from. */
export interface Knock {
  /** `GET`, `POST`, … */
  readonly method: string;
  /** The path, without what is asked for behind a `?`. */
  readonly path: string;
  /** Its header fields, in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** Why a request is not heeded. */
export interface Refusal {
  /** The HTTP status. */
  readonly status: 401 | 403 | 415;
  /** Why, and what to do. */
  readonly message: string;
}

const READING: ReadonlySet<string> = new Set(["GET", "HEAD"]);
/** What browsers say of a request that this page itself has sent, or nobody. */
const OWN_SITE: ReadonlySet<string> = new Set(["same-origin", "none"]);

/** Why a request to the page on this port is refused; `undefined`: it is not. */
export function refusalOf(
  { method, path, headers }: Knock,
  port: number,
  token: string,
): Refusal | undefined {
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
): Refusal | undefined {
  const [type = ""] = `${headers["content-type"] ?? ""}`.split(";");
  if (type.trim().toLowerCase() !== "application/json") {
    const message = "what changes anything needs content-type: " +
      "application/json";
    return { status: 415, message };
  }
  const [, given = ""] = /^Bearer +(\S+)$/i
    .exec(`${headers.authorization ?? ""}`) ?? [];
  if (isSecret(given, token)) return undefined;
  const message = "what changes anything needs authorization: Bearer and the " +
    "token, which stands in the address that the herd has printed";
  return { status: 401, message };
}

function forbidden(message: string): Refusal {
  return { status: 403, message };
}
