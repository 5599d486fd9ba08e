/**
 * What can happen next in a small herd.
 *
 * @module
 */
import type { ByteString } from "../../../herd/core/bytes/bytes.ts";
import type { TopologyLink } from "../topology/topology.ts";
import type { Setup } from "./setup.ts";

/** One event. The servers concerned then write everything that is due. */
export type Move =
  /** A client sends the fix with this number. */
  | { readonly kind: "tell"; readonly told: number }
  /** A server reads several lines of a link at once. */
  | {
    readonly kind: "read";
    readonly from: string;
    readonly to: string;
    readonly count: number;
  }
  /** A tick passes, for all nodes that wait for one. */
  | { readonly kind: "tick" }
  /** The fault begins, or ends. */
  | { readonly kind: "break" | "mend" }
  /** A link of a restarted server is up again. */
  | { readonly kind: "join"; readonly link: TopologyLink };

/** A key for what a move means to a server that it concerns. */
export function moveKey(move: Move, lines: readonly ByteString[]): string {
  switch (move.kind) {
    case "tell":
      return `tell ${move.told}`;
    case "read":
      return `read ${move.from} ${lines.join("\n")}`;
    case "join":
      return `join ${move.link.join()}`;
    default:
      return move.kind;
  }
}

/** A move in words, as one step. */
export function moveText(
  move: Move,
  lines: readonly ByteString[],
  setup: Setup,
): string {
  const { fault, told } = setup;
  switch (move.kind) {
    case "tell": {
      const { server, line } = told[move.told]!;
      return `a client tells ${server}: ${line}`;
    }
    case "read":
      return `${move.to} reads from ${move.from}: ${lines.join(" | ")}`;
    case "tick":
      return "a tick passes";
    case "join":
      return `the link ${move.link.join("-")} comes up`;
    case "break":
      if (fault.kind === "restart") {
        return `${fault.server} is killed: what it held is lost`;
      }
      return `${faultLink(setup)} goes down: what is on its way is lost`;
    case "mend":
      if (fault.kind === "restart") return `${fault.server} is up again, empty`;
      return `${faultLink(setup)} comes up again`;
  }
}

function faultLink({ fault }: Setup): string {
  return fault.kind === "cut" ? `the link ${fault.link.join("-")}` : "nothing";
}
