/**
 * The fault `kill`: servers end at once, as if their process died.
 *
 * @module
 */
import { nextState } from "../lifecycle.ts";
import { serverFault, untilRevived } from "./server_fault.ts";

export const kill = serverFault({
  kind: "kill",
  does: "Kills servers, like SIGKILL: sockets close, their records are lost.",
  targets: "Servers to end without a word.",
  prompt: {
    does: "kill a server, like SIGKILL: sockets close, its records are lost",
  },
  from: ["up"],
  to: "stopped",
  lasting: untilRevived((state) => nextState(state, "kill") !== undefined),
  isFault: true,
  lasts: true,
  nemesis: "lasting",
});
