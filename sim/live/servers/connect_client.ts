/**
 * How a client gets to a server, whatever world that is in.
 *
 * @module
 */
import { Client } from "../../../herd/net/client.ts";
import type { Address } from "../../../herd/net/platform.ts";
import type { Supervisor } from "./supervisor.ts";

/**
 * A new client of a server.
 *
 * @throws {Deno.errors.ConnectionRefused} If the server does not listen.
 */
export async function connectClient(
  supervisor: Supervisor,
  server: string,
): Promise<Client> {
  const { platform, world } = supervisor;
  const { clock, network } = platform;
  const { state, start } = supervisor.child(server);
  const speaking = world.connect && {
    listen: (address: Address) => network.listen(address),
    connect: (address: Address) => world.connect!(address, platform),
  };
  try {
    return await Client.connect(start, { clock, network: speaking ?? network });
  } catch (cause) {
    if (!(cause instanceof Deno.errors.ConnectionRefused)) throw cause;
    const message = `Cannot connect to ${server}: it is ${state}`;
    throw new Deno.errors.ConnectionRefused(message, { cause });
  }
}
