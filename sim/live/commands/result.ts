/**
 * The results of commands: data, which is formatted as text or JSON.
 *
 * @module
 */
import type { DisseminationMode } from "../../../herd/core/dissemination/dissemination.ts";
import type { ServerStats } from "../../../herd/net/account.ts";
import type { ProcessFault } from "../../model/steps/server_faults.ts";
import type { FaultHandle, FaultRecord } from "../faults/fault_book.ts";
import type { GatewayStatus } from "./gateways.ts";
import type { ServerStatus } from "../servers/status.ts";

/** The result of a command. `event` names it, also in `--json` output. */
export type CommandResult =
  | {
    readonly event: "status";
    readonly servers: readonly ServerStatus[];
    /** The status of the gateways, if the herd has a hub. */
    readonly gateways?: readonly GatewayStatus[];
    /** How updates are disseminated; absent where that is not known. */
    readonly mode?: DisseminationMode;
    /** When the status was taken, in milliseconds since the epoch. */
    readonly atMs: number;
  }
  | {
    /** A command on a server was carried out. */
    readonly event: "done";
    readonly command: ProcessFault;
    readonly server: string;
    readonly tookMs: number;
  }
  | { readonly event: "begun" } & Pick<FaultHandle, "id" | "targets">
  | { readonly event: "healed"; readonly faults: readonly FaultRecord[] }
  | {
    /** So many connections of links were reset. */
    readonly event: "reset";
    readonly targets: readonly string[];
    readonly connections: number;
  }
  | { readonly event: "faults"; readonly faults: readonly FaultRecord[] }
  | { readonly event: "reply"; readonly server: string; readonly text: string }
  | {
    /** The AT lines that a server holds, by client. */
    readonly event: "records";
    readonly server: string;
    readonly records: readonly string[];
  }
  | {
    /** What a server has counted since its start. */
    readonly event: "counters";
    readonly server: string;
    readonly stats: ServerStats;
    /** When the counters were read, in milliseconds since the epoch. */
    readonly atMs: number;
  }
  | {
    readonly event: "log";
    readonly server: string;
    readonly lines: readonly string[];
  }
  | { readonly event: "help"; readonly text: string }
  | { readonly event: "stopping" };
