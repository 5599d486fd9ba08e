/**
 * The fault `wipe`: servers end at once, and their disks are lost.
 *
 * @module
 */
import { nextState } from "../lifecycle.ts";
import { serverFault, untilRevived } from "./server_fault.ts";

export const wipe = serverFault({
  kind: "wipe",
  does:
    "Kills servers and removes what they keep on disk, as if a machine was lost.",
  targets: "Servers to end without a word, their disks lost.",
  prompt: {
    does: "kill a server, and remove what it keeps on disk",
  },
  from: ["up"],
  to: "stopped",
  lasting: untilRevived((state) => nextState(state, "kill") !== undefined),
  isFault: true,
  lasts: true,
});
