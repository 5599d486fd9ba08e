/**
 * The fault `slow_close`: the end of a connection is delayed.
 *
 * @module
 */
import { formatDuration } from "../duration.ts";
import { linkFault } from "./link_fault.ts";

export const slowClose = linkFault({
  kind: "slow_close",
  does: "Delays the closing of connections.",
  fields: ({ aboveZero }) => ({
    delay: aboveZero("How long the closing of a connection is delayed."),
  }),
  names: { delay: "delayMs" },
  prompt: {
    words: { delay: "<time>" },
    does: "delay the closing of connections",
  },
  words: ({ delayMs }) => `of ${formatDuration(delayMs)}`,
  nemesis: { delayMs: 200 },
  slows: true,
  begin: ({ delayMs }, { touch }) => ({
    endMs() {
      touch();
      return delayMs;
    },
  }),
});
