/**
 * The further ways in of a herd's servers, besides plain TCP.
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
import { Unsupported } from "../../model/unsupported.ts";
import { openTempFolder } from "../../worlds/processes/temp_folder.ts";
import type { PortLease } from "../../worlds/port_lease.ts";
import type { ServerStart, World } from "../../worlds/world.ts";
import { makeCertificate } from "../places/certificate.ts";
import { NotStarted } from "../servers/ports.ts";
import { TLS_FILE } from "./log_folder.ts";
import type { HerdOptions, PlacedOptions } from "./start_options.ts";

const LOOPBACK = "127.0.0.1";

/**
 * The ways in of each server: on the topology's ports, if the options say so.
 */
export function waysFor(
  lease: PortLease,
  { ways: wanted = [], ports }: Pick<HerdOptions, "ways" | "ports">,
  { servers }: Topology,
  identity: TlsIdentity | undefined,
): (address: Address & { readonly name: string }) => Pick<ServerStart, "ways"> {
  if (wanted.length === 0) return () => ({});
  const has = (via: FurtherVia) => wanted.includes(via);
  const free = lease.take(servers.length * wanted.length);
  return ({ name, port }) => {
    const named = ports === "topology"
      ? servers.find((server) => server.name === name)
      : undefined;
    return {
      ways: {
        ...has("tls") && identity &&
          { tls: { ...identity, port: free.pop()! } },
        ...has("ws") && { ws: { port: named?.ws ?? free.pop()! } },
        ...has("udp") && { udp: { port: named?.udp ?? port } },
      },
    };
  };
}

/**
 * The TLS identity of the servers. The certificate that clients have to trust
 * is written next to the logs.
 *
 * @throws {Unsupported} If servers of this world have no such way in.
 * @throws {NotStarted} If no certificate can be made.
 */
export async function identityFor(
  { servers }: Topology,
  { ways = [], platform, world, log }: PlacedOptions,
): Promise<TlsIdentity | undefined> {
  assertWays(ways, platform, world);
  if (!ways.includes("tls")) return undefined;
  await using folder = await openTempFolder();
  const use = { subject: "a server of a herd", isAuthority: false };
  const { machines } = world;
  const hosts = machines === undefined
    ? [LOOPBACK, "localhost"]
    : servers.map(({ name }) => machines.hostOf(name));
  const names = [...new Set(hosts)];
  const made = await makeCertificate(names, folder.path, use);
  if (made === undefined) {
    throw new NotStarted(
      "Cannot have clients by tls: there is no openssl here",
    );
  }
  if (log !== undefined) {
    await Deno.writeTextFile(`${log.directory}/${TLS_FILE}`, made.cert);
  }
  return made;
}

function noWay(via: FurtherVia, name: string, why: string): Unsupported {
  return new Unsupported(`Cannot have clients by ${via} of ${name}: ${why}`);
}

/**
 * That servers which are brought have no such way in.
 * @param name What they are called.
 */
export function wayOfBrought(via: FurtherVia, name: string): Unsupported {
  return noWay(via, name, "they speak TCP alone");
}

/** @throws {Unsupported} If servers of this world have no such way in. */
function assertWays(
  ways: readonly FurtherVia[],
  { network }: Platform,
  { name, connect }: World,
): void {
  for (const via of ways) {
    if (connect !== undefined) throw wayOfBrought(via, name);
    if (via === "tls" && network.listenTls === undefined) {
      throw noWay(via, name, "nothing is encrypted there");
    }
    if (via === "udp" && network.bindDatagrams === undefined) {
      throw noWay(via, name, "there are no datagrams");
    }
  }
}
