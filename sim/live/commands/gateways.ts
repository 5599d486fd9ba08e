/**
 * Where the gateways of a herd stand with its hub.
 *
 * @module
 */
import { abortable } from "@std/async";
import type { HubStats } from "../../../herd/net/hub/hub_link.ts";
import { Deadline } from "../../../herd/net/timing.ts";
import { stateText } from "../../model/lifecycle.ts";
import type { Herd } from "../herd/herd.ts";
import type { ServerStatus } from "../servers/status.ts";

/** Whoever wants to see how a herd stands does not wait for one that hangs. */
const ANSWER_MS = 1_000;

/** Where one gateway stands with the hub. */
export interface GatewayStatus {
  /** The server that is the gateway. */
  readonly server: string;
  /** What it tells of its link to the hub; nothing, if it does not answer. */
  readonly hub?: HubStats;
  /** Why it does not answer. */
  readonly why?: string;
}

/** Asks all gateways of a herd at once; there are none without a hub. */
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
