/**
 * How a student reaches the servers without this project.
 *
 * @module
 */
import { neighboursOf, type Topology } from "../../model/topology/topology.ts";
import { commandFor } from "../../worlds/processes/command.ts";
import type { Dialect } from "../../worlds/processes/spoken.ts";
import { type ByHand, HOST, shellWord } from "./steps.ts";

/** The first port of servers that are told which one to take. */
const PORT = 12_000;

/** What is known of servers. */
export interface Known {
  /** The words that start one. */
  readonly command: readonly string[];
  /** Their herd. */
  readonly topology: Topology;
  /** How they want to be spoken to. */
  readonly dialect: Readonly<Dialect>;
  /** The port that one names in its source, if it does. */
  readonly portOf: (name: string) => number | undefined;
}

/** How they are started and reached by hand. */
export function handOf({ command, topology, dialect, portOf }: Known): ByHand {
  const ports = new Map(
    topology.servers.map(({ name, port }, at) => [
      name,
      portOf(name) ?? (port === 0 ? PORT + at : port),
    ]),
  );
  const servers = [...ports].map(([name, port]) => {
    const peers = neighboursOf(topology, name).map((peer) => ({
      name: peer,
      hostname: HOST,
      port: ports.get(peer)!,
    }));
    const words = commandFor(command, { name, host: HOST, port, peers });
    return [name, { start: words.map(shellWord).join(" "), port }] as const;
  });
  const { lineEnd = "\n", isHalfClosed = false } = dialect;
  return { servers: new Map(servers), lineEnd, isHalfClosed };
}
