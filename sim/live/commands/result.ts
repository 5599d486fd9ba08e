/**
 * What commands give: data, of which text and JSON are views.
 *
 * @module
 */
import type { DisseminationMode } from "../../../herd/core/dissemination/dissemination.ts";
import type { ServerStats } from "../../../herd/net/account.ts";
import type { ProcessFault } from "../../model/steps/server_faults.ts";
import type { FaultHandle, FaultRecord } from "../faults/fault_book.ts";
import type { GatewayStatus } from "./gateways.ts";
import type { ServerStatus } from "../servers/status.ts";

/** What a command gave; `event` names it, as it does for those who read JSON. */
export type CommandResult =
  | {
    readonly event: "status";
    readonly servers: readonly ServerStatus[];
    /** Where those that are gateways stand with the hub, if there is one. */
    readonly gateways?: readonly GatewayStatus[];
    /** How updates are spread, where that is known. */
    readonly mode?: DisseminationMode;
    /** When that was so, in milliseconds since the epoch. */
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
    /** The connections of links were reset: so many. */
    readonly event: "reset";
    readonly targets: readonly string[];
    readonly connections: number;
  }
  | { readonly event: "faults"; readonly faults: readonly FaultRecord[] }
  | { readonly event: "reply"; readonly server: string; readonly text: string }
  | {
    /** The AT lines of what a server holds, by client. */
    readonly event: "records";
    readonly server: string;
    readonly records: readonly string[];
  }
  | {
    /** What a server has done since it was started. */
    readonly event: "counters";
    readonly server: string;
    readonly stats: ServerStats;
    /** When that was so, in milliseconds since the epoch. */
    readonly atMs: number;
  }
  | {
    readonly event: "log";
    readonly server: string;
    readonly lines: readonly string[];
  }
  | { readonly event: "help"; readonly text: string }
  | { readonly event: "stopping" };
