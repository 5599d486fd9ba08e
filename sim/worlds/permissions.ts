/**
 * The permissions of a server of this project, whatever runs it.
 *
 * @module
 */
import type { ServerStart } from "./world.ts";

export interface ServerPermissions {
  /** Hosts that it may listen on, connect and send to; all if `true`. */
  readonly net: string[] | true;
  /** Folders that it may read; none if `false`. */
  readonly read: string[] | false;
  readonly write: string[] | false;
}

const LOOPBACK = "127.0.0.1";

/** The part of a server's options that decides its permissions. */
type Allowed = Pick<
  ServerStart,
  "hostname" | "neighbours" | "places" | "hub" | "log" | "dataDir" | "ways"
>;

/**
 * A server may use its own host and its neighbours', its places service, its
 * hub and its folders.
 */
export function permissionsOf(server: Allowed): ServerPermissions {
  const { log, dataDir } = server;
  const folders = [
    // Rotating a full log needs the permission to read it.
    ...log ? [log.directory] : [],
    ...dataDir !== undefined ? [dataDir] : [],
  ];
  const write = folders.length > 0 && folders;
  const { hub } = server;
  const read = hub === undefined ? write : [...folders, hub.client];
  return { net: netOf(server), read, write };
}

function netOf(server: Allowed): string[] | true {
  // Datagrams are answered, and may come from any address.
  const isAskedByAll = server.ways?.udp !== undefined &&
    server.hostname !== LOOPBACK;
  if (isAskedByAll) return true;
  const net = [server.hostname];
  for (const { hostname } of server.neighbours) {
    if (!net.includes(hostname)) net.push(hostname);
  }
  if (server.places) {
    const { hostname, port, protocol } = new URL(server.places.base);
    const usual = protocol === "https:" ? "443" : "80";
    if (hostname !== server.hostname) net.push(`${hostname}:${port || usual}`);
  }
  for (const address of server.hub?.servers ?? []) {
    const { hostname, port } = new URL(address);
    if (hostname !== server.hostname) net.push(`${hostname}:${port || 4222}`);
  }
  return net;
}
