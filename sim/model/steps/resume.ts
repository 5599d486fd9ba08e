/**
 * The step `resume`: frozen servers continue.
 *
 * @module
 */
import { serverFault } from "./server_fault.ts";

export const resume = serverFault({
  kind: "resume",
  does: "Lets paused servers run again.",
  targets: "Frozen servers to thaw.",
  prompt: { does: "let a paused server run again" },
  from: ["paused"],
  to: "up",
});
