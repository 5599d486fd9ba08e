/**
 * A server with all ways in, and clients that come by each.
 *
 * @module
 */
import { assert } from "@std/assert";
import type { Via } from "../../../../herd/core/wire/via.ts";
import { denoPlatform } from "../../../../herd/net/deno_platform.ts";
import type { TlsIdentity } from "../../../../herd/net/platform.ts";
import type { ServerOptions } from "../../../../herd/net/server_options.ts";
import { dial } from "../../../../herd/net/ways/dial.ts";
import { makeCertificate } from "../../../../sim/live/places/certificate.ts";
import { freePort, type Running, start, STILL, Wire } from "../support.ts";

export const LOCALHOST = "127.0.0.1";

let made: Promise<TlsIdentity> | undefined;

/** A certificate of this machine; the same one each time. */
export function certificate(): Promise<TlsIdentity> {
  return made ??= make();
}

async function make(): Promise<TlsIdentity> {
  const folder = await Deno.makeTempDir();
  const use = { subject: "a server", isAuthority: false };
  try {
    const tls = await makeCertificate([LOCALHOST, "localhost"], folder, use);
    assert(tls !== undefined, "There is no openssl");
    return tls;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** A server with all ways in. */
export interface WithWays extends Running {
  readonly ports: Readonly<Record<Via, number>>;
  readonly cert: string;
  /** A raw connection, by this way in. */
  open(via: Via): Promise<Wire>;
}

/** Starts a server with all ways in, whose clock stands still. */
export async function startWithWays(
  options: Partial<ServerOptions> = {},
): Promise<WithWays> {
  const identity = await certificate();
  const [tls, ws] = [freePort(), freePort()];
  const port = freePort();
  const running = await start({
    platform: STILL,
    port,
    ways: { tls: { ...identity, port: tls }, ws: { port: ws }, udp: { port } },
    ...options,
  });
  const ports = { tcp: port, tls, ws, udp: port };
  const { cert } = identity;
  const open = async (via: Via) => {
    const address = { hostname: LOCALHOST, port: ports[via] };
    return new Wire(await dial(address, denoPlatform, { via, ca: [cert] }));
  };
  return { ...running, ports, cert, open };
}
