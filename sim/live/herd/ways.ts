/**
 * The ways in of a herd's servers beside plain TCP.
 *
 * @module
 */
import type { FurtherVia } from "../../../herd/core/wire/via.ts";
import type {
  Address,
  Platform,
  TlsIdentity,
} from "../../../herd/net/platform.ts";
import type { Topology } from "../../model/topology/topology.ts";
import { openTempFolder } from "../../worlds/processes/temp_folder.ts";
import type { ServerStart, World } from "../../worlds/world.ts";
import { makeCertificate } from "../places/certificate.ts";
import { freePorts } from "../servers/ports.ts";
import type { PlacedOptions } from "./start_options.ts";

/** The ways in of each server, on ports that are free. */
export function waysFor(
  platform: Platform,
  wanted: readonly FurtherVia[],
  { servers }: Topology,
  identity: TlsIdentity | undefined,
): (address: Address) => Pick<ServerStart, "ways"> {
  if (wanted.length === 0) return () => ({});
  const has = (via: FurtherVia) => wanted.includes(via);
  const free = freePorts(platform, servers.length * wanted.length);
  return ({ port }) => ({
    ways: {
      ...has("tls") && identity && { tls: { ...identity, port: free.pop()! } },
      ...has("ws") && { ws: { port: free.pop()! } },
      ...has("udp") && { udp: { port } },
    },
  });
}

/**
 * Who the servers are to clients by TLS.
 *
 * @throws {RangeError} If servers of such a world have no such way in.
 * @throws {Error} If no certificate can be made.
 */
export async function identityFor(
  { ways = [], platform, world }: PlacedOptions,
): Promise<TlsIdentity | undefined> {
  assertWays(ways, platform, world);
  if (!ways.includes("tls")) return undefined;
  await using folder = await openTempFolder();
  const use = { subject: "a server of a herd", isAuthority: false };
  const made = await makeCertificate(["127.0.0.1"], folder.path, use);
  if (made !== undefined) return made;
  throw new Error("Cannot have clients by tls: there is no openssl here");
}

/** @throws {RangeError} If servers of such a world have no such way in. */
function assertWays(
  ways: readonly FurtherVia[],
  { network }: Platform,
  { name, connect }: World,
): void {
  const refuse = (via: FurtherVia, why: string) => {
    throw new RangeError(`Cannot have clients by ${via} of ${name}: ${why}`);
  };
  for (const via of ways) {
    if (connect !== undefined) refuse(via, "they speak TCP alone");
    if (via === "tls" && network.listenTls === undefined) {
      refuse(via, "nothing is encrypted there");
    }
    if (via === "udp" && network.bindDatagrams === undefined) {
      refuse(via, "there are no datagrams");
    }
  }
}
