/**
 * The topology that a command line asks for.
 *
 * @module
 */
import { InvalidFile } from "../../model/problem.ts";
import type { Topology } from "../../model/topology/topology.ts";
import { loadTopology } from "../herd/load.ts";
import { UsageError } from "./usage_error.ts";

/** What is wrong with what was asked for, and not with this program. */
const THEIRS = [
  InvalidFile,
  RangeError,
  Deno.errors.NotFound,
  Deno.errors.PermissionDenied,
  Deno.errors.IsADirectory,
];

/**
 * The topology, whose warnings are printed.
 *
 * @throws {UsageError} If there is none such, or its file is wrong.
 */
export function topologyOf(spec: string): Topology {
  try {
    return loadTopology(spec, { warn: console.error });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (!THEIRS.some((kind) => error instanceof kind)) throw error;
    throw new UsageError(error.message, { cause: error });
  }
}
