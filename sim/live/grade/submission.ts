/**
 * A submission that can be run, as its grade knows it.
 *
 * @module
 */
import type { Isolation } from "../../model/manifest.ts";
import type { Topology } from "../../model/topology/topology.ts";
import type { BringOptions } from "../herd/bring.ts";

/** What is graded. */
export interface Submission {
  /** What it is called in reports. */
  readonly name: string;
  /** The words that start a server. */
  readonly command: readonly string[];
  /** The same, with what it stands for found out; see `resolved`. */
  readonly run?: readonly string[];
  /** The folder that it runs in. */
  readonly folder: string;
  /** What it says of itself. */
  readonly manifest?: BringOptions["manifest"];
  /** What is to stand between its servers and the network, if that was told. */
  readonly isolation?: Isolation;
  /** Its herd. */
  readonly topology: Topology;
}
