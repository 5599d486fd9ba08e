/**
 * The fault `crash`: servers die of an error that nothing catches.
 *
 * @module
 */
import { serverFault, untilRevived } from "./server_fault.ts";

export const crash = serverFault({
  kind: "crash",
  does: "Crashes servers; the restart policy decides what follows.",
  targets: "Servers to end by an uncaught error.",
  prompt: {
    does: "crash a server: its restart policy decides what follows",
  },
  from: ["up"],
  to: "anywhere",
  lasting: untilRevived((state) => state === "up"),
  isFault: true,
  nemesis: "bare",
});
