/**
 * A hub that the workbench runs for a herd, or for several, and what can be done
 * to it.
 *
 * @module
 */
import type { HubOptions } from "../../herd/net/hub/hub.ts";

/** A hub that runs. Its servers are told by their numbers, from 1. */
export interface RunningHub extends AsyncDisposable {
  /** Its servers. */
  readonly servers: readonly number[];
  /** Those that run. */
  up(): number[];
  /**
   * The one that leads its stream; `undefined` if none does, or there is no
   * stream yet.
   */
  leader(): Promise<number | undefined>;
  /** What a gateway is told, by its name. */
  address(gateway: string): Pick<HubOptions, "servers" | "client">;
  /** Ends servers at once, like SIGKILL. */
  kill(servers: readonly number[]): Promise<void>;
  /** Starts servers that are down; resolves when they listen. */
  revive(servers: readonly number[]): Promise<void>;
  /** Removes what servers that are down keep on disk. */
  wipe(servers: readonly number[]): Promise<void>;
  /** Nothing passes between these gateways and the hub, nor is it told to them. */
  cut(gateways: readonly string[]): void;
  /** What passes, passes again. */
  heal(gateways: readonly string[]): void;
}
