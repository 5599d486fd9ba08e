/**
 * The status of a herd's gateways to its hub.
 *
 * @module
 */
import { abortable } from "@std/async";
import type { HubStats } from "../../../herd/net/hub/hub_link.ts";
import { Deadline } from "../../../herd/net/timing.ts";
import { stateText } from "../../model/lifecycle.ts";
import type { Herd } from "../herd/herd.ts";
import type { ServerStatus } from "../servers/status.ts";

/** The status command does not wait longer for a gateway that hangs. */
const ANSWER_MS = 1_000;

/** The status of one gateway. */
export interface GatewayStatus {
  /** The name of the gateway's server. */
  readonly server: string;
  /** The state of its link to the hub; absent if it does not answer. */
  readonly hub?: HubStats;
  /** Why it does not answer. */
  readonly why?: string;
}

/** Asks all gateways of a herd at once; empty without a hub. */
export async function gatewaysOf(
  herd: Herd,
  servers: readonly ServerStatus[],
): Promise<GatewayStatus[]> {
  const gateways = servers.filter(({ isGateway }) => isGateway);
  return await Promise.all(gateways.map((it) => ask(herd, it)));
}

async function ask(
  herd: Herd,
  { name: server, state }: ServerStatus,
): Promise<GatewayStatus> {
  if (state !== "up" && state !== "starting") {
    return { server, why: `it ${stateText(state)}` };
  }
  using late = new Deadline(
    herd.platform.clock,
    ANSWER_MS,
    () => new Error(`it gave no answer within ${ANSWER_MS} ms`),
  );
  try {
    const { hub } = await abortable(herd.stats(server), late.signal);
    return { server, ...hub && { hub } };
  } catch (error) {
    return {
      server,
      why: error instanceof Error ? error.message : String(error),
    };
  }
}
