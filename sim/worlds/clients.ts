/**
 * What clients of a world's servers connect by.
 *
 * @module
 */
import type { Platform } from "../../herd/net/platform.ts";
import type { World } from "./world.ts";

/** The platform, on which dials are made as the world has it. */
export function clientPlatform(
  world: World,
  platform: Platform,
): Pick<Platform, "clock" | "network"> {
  const { clock, network } = platform;
  if (world.connect === undefined) return platform;
  return {
    clock,
    network: {
      listen: (address) => network.listen(address),
      connect: (address) => world.connect!(address, platform),
    },
  };
}
