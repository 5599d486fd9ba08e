/**
 * Free ports for tests: no herd takes them, nor another file of tests.
 *
 * @module
 */
import { denoPlatform } from "../herd/net/deno_platform.ts";
import { PortLease } from "../sim/worlds/port_lease.ts";

/** Taken before any test begins, which would leave the lease open. */
const PORTS = new PortLease(denoPlatform).take(256);

/** So many of them; they come round again. */
export function freePorts(count: number): number[] {
  const ports = PORTS.splice(0, count);
  PORTS.push(...ports);
  return ports;
}
