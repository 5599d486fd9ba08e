/**
 * What a server of this project may do, whatever runs it.
 *
 * @module
 */
import type { ServerStart } from "./world.ts";

export interface ServerPermissions {
  /** Hosts that it may listen on, and connect to. */
  readonly net: string[];
  /** Folders that it may read; none if `false`. */
  readonly read: string[] | false;
  readonly write: string[] | false;
}

/** A server may use its own host and its neighbours', its places service, its hub and its folders. */
export function permissionsOf(
  server: Pick<
    ServerStart,
    "hostname" | "neighbours" | "places" | "hub" | "log" | "dataDir"
  >,
): ServerPermissions {
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
  const { log, dataDir } = server;
  const folders = [
    // To put a full log aside takes leave to read it.
    ...log ? [log.directory] : [],
    ...dataDir !== undefined ? [dataDir] : [],
  ];
  const write = folders.length > 0 && folders;
  const { hub } = server;
  const read = hub === undefined ? write : [...folders, hub.client];
  return { net, read, write };
}
