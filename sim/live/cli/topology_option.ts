/**
 * The topology of a command line.
 *
 * @module
 */
import { InvalidFile } from "../../model/problem.ts";
import type { Topology } from "../../model/topology/topology.ts";
import { loadTopology } from "../herd/load.ts";
import { orUsage } from "./usage_error.ts";

/** Errors of the user's topology, not of this program. */
const THEIRS = [
  InvalidFile,
  RangeError,
  Deno.errors.NotFound,
  Deno.errors.PermissionDenied,
  Deno.errors.IsADirectory,
];

/**
 * Loads the topology, and prints its warnings.
 *
 * @throws {UsageError} If it does not exist, or its file is invalid.
 */
export function topologyOf(spec: string): Topology {
  return orUsage(
    () => loadTopology(spec, { warn: console.error }),
    "",
    THEIRS,
  );
}
