/**
 * A hub that the workbench runs for one or more herds.
 *
 * @module
 */
import type { HubOptions } from "../../herd/net/hub/hub.ts";

/** A running hub. Its servers are numbered from 1. */
export interface RunningHub extends AsyncDisposable {
  readonly servers: readonly number[];
  /** The servers that run. */
  up(): number[];
  /**
   * The leader of its stream; `undefined` if there is none, or no stream yet.
   */
  leader(): Promise<number | undefined>;
  /** The options that a gateway gets, by the gateway's name. */
  address(gateway: string): Pick<HubOptions, "servers" | "client">;
  /** Ends servers at once, like SIGKILL. */
  kill(servers: readonly number[]): Promise<void>;
  /** Starts servers that are down; resolves when they listen. */
  revive(servers: readonly number[]): Promise<void>;
  /** Removes what servers that are down keep on disk. */
  wipe(servers: readonly number[]): Promise<void>;
  /** Silently drops everything between these gateways and the hub. */
  cut(gateways: readonly string[]): void;
  /** Ends a cut. */
  heal(gateways: readonly string[]): void;
}
