/**
 * How a client gets to a server, whatever world that is in.
 *
 * @module
 */
import { Client } from "../../../herd/net/client.ts";
import type { Address } from "../../../herd/net/platform.ts";
import { stateText } from "../../model/lifecycle.ts";
import type { Supervisor } from "./supervisor.ts";

/**
 * A new client of a server.
 *
 * @param onReply Gets of each reply how many milliseconds it took.
 * @throws {Deno.errors.ConnectionRefused} If the server does not listen.
 */
export async function connectClient(
  supervisor: Supervisor,
  server: string,
  onReply: (tookMs: number) => void,
): Promise<Client> {
  const { platform, world } = supervisor;
  const { clock, network } = platform;
  const { state, start } = supervisor.child(server);
  const speaking = world.connect && {
    listen: (address: Address) => network.listen(address),
    connect: (address: Address) => world.connect!(address, platform),
  };
  try {
    const machine = { clock, network: speaking ?? network };
    return await Client.connect(start, machine, onReply);
  } catch (cause) {
    if (!(cause instanceof Deno.errors.ConnectionRefused)) throw cause;
    const message = `Cannot connect to ${server}: it ${stateText(state)}`;
    throw new Deno.errors.ConnectionRefused(message, { cause });
  }
}
