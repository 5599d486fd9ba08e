/**
 * HTTP clients that use the proxy named in the environment, except for services
 * on this machine, which a proxy elsewhere could not reach.
 *
 * @module
 */

import type { WebClient } from "../platform.ts";

const HTTP_PORT = 80;

/**
 * Whether a host in a URL is this machine: `localhost`, 127.x.x.x or `[::1]`.
 */
export function isLoopback(hostname: string): boolean {
  return /^(?:localhost|.+\.localhost|127(?:\.\d{1,3}){3}|\[::1\])\.?$/i.test(
    hostname,
  );
}

/**
 * A client for one service.
 *
 * @param base Scheme, host and port of the service.
 * @param idleMax Idle connections that are kept.
 */
export function httpClientFor(base: string, idleMax: number): Deno.HttpClient {
  const { protocol, hostname, port } = new URL(base);
  const options = { poolMaxIdlePerHost: idleMax };
  // There is no option for no proxy. Connections to a named TCP socket do not
  // go through one, so it is set to the service's own. TLS does not work on
  // such a socket; for that, `NO_PROXY` must list this machine.
  if (protocol !== "http:" || !isLoopback(hostname)) {
    return Deno.createHttpClient(options);
  }
  return Deno.createHttpClient({
    ...options,
    proxy: {
      transport: "tcp",
      hostname: hostname.replace(/^\[|\]$/g, ""),
      port: Number(port) || HTTP_PORT,
    },
  });
}

/** The same as a `WebClient` for a platform. */
export function webClientFor(base: string, idleMax: number): WebClient {
  const client = httpClientFor(base, idleMax);
  return {
    // A redirect would carry the key to another host.
    get: (url, signal) => fetch(url, { signal, client, redirect: "manual" }),
    close: () => client.close(),
  };
}
