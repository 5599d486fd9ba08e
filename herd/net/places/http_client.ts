/**
 * HTTP clients that go through the proxy that the environment names, or past
 * it: what is on this machine is not to be looked for on another.
 *
 * @module
 */

import type { WebClient } from "../platform.ts";

const HTTP_PORT = 80;

/**
 * Whether a host, as it stands in a URL, is this machine: `localhost`, 127.x.x.x
 * or `[::1]`.
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
  // There is no option for no proxy. Connections to a TCP socket that is named
  // are not made through one, and this one is the service's own. TLS is not
  // spoken on such a socket; there `NO_PROXY` must say what this machine is.
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

/** The same, as a platform gives it. */
export function webClientFor(base: string, idleMax: number): WebClient {
  const client = httpClientFor(base, idleMax);
  return {
    // A redirect would carry the key to another host.
    get: (url, signal) => fetch(url, { signal, client, redirect: "manual" }),
    close: () => client.close(),
  };
}
