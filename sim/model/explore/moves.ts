/**
 * What can happen next in a small herd.
 *
 * @module
 */
import type { ByteString } from "../../../herd/core/bytes/bytes.ts";
import type { TopologyLink } from "../topology/topology.ts";
import { ASKED, type Setup } from "./setup.ts";

/**
 * One event. The servers concerned then write everything that is due, unless
 * the setup is slow.
 */
export type Move =
  /** A client sends the fix with this number. */
  | { readonly kind: "tell"; readonly told: number }
  /** A client asks. */
  | { readonly kind: "ask" }
  /** A server reads several lines of a link at once. */
  | {
    readonly kind: "read";
    readonly from: string;
    readonly to: string;
    readonly count: number;
  }
  /** A server writes all that is due to a neighbour, if the setup is slow. */
  | { readonly kind: "write"; readonly from: string; readonly to: string }
  /** A server learns that a link is down, if the setup is slow. */
  | { readonly kind: "notice"; readonly server: string; readonly peer: string }
  /** A tick passes, for all nodes that wait for one. */
  | { readonly kind: "tick" }
  /** The fault begins, or ends. */
  | { readonly kind: "break" | "mend" }
  /** A link of a restarted server is up again. */
  | { readonly kind: "join"; readonly link: TopologyLink };

/** A move in words, as one step; `lines` are those that it reads or writes. */
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
    case "ask":
      return `a client asks ${setup.asked}: ${ASKED}`;
    case "read":
      return `${move.to} reads from ${move.from}: ${lines.join(" | ")}`;
    case "write":
      return `${move.from} writes to ${move.to}: ${lines.join(" | ")}`;
    case "notice":
      return `${move.server} notices that its link to ${move.peer} is down`;
    case "tick":
      return "a tick passes";
    case "join":
      return `the link ${move.link.join("-")} comes up`;
    case "break":
      if (fault.kind === "restart") {
        return `${fault.server} is killed: what it held is lost`;
      }
      return `${faultLink(setup)} goes down: what is ` +
        `${setup.isSlow ? "written from now on" : "on its way"} is lost`;
    case "mend":
      if (fault.kind === "restart") return `${fault.server} is up again, empty`;
      return `${faultLink(setup)} comes up again`;
  }
}

function faultLink({ fault }: Setup): string {
  return fault.kind === "cut" ? `the link ${fault.link.join("-")}` : "nothing";
}
