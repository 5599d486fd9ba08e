/**
 * The fault `pause`: servers freeze, and their connections stay open.
 *
 * @module
 */
import { serverFault } from "./server_fault.ts";

export const pause = serverFault({
  kind: "pause",
  does: "Freezes servers, like SIGSTOP: sockets stay open, no answers.",
  targets: "Servers to freeze.",
  prompt: {
    does: "freeze a server, like SIGSTOP: sockets stay open, no answers",
  },
  from: ["up"],
  to: "paused",
  lasting: {
    back: "resume",
    from: ["paused"],
    isOver: (state) => state !== "paused",
    hits: (state) => state === "up",
  },
  isFault: true,
  lasts: true,
  nemesis: "lasting",
});
