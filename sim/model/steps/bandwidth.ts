/**
 * The fault `bandwidth`: at most so many bytes a second pass.
 *
 * @module
 */
import { type Connection, later, linkFault } from "./link_fault.ts";

export const bandwidth = linkFault({
  kind: "bandwidth",
  does: "Limits the bytes per second on links.",
  fields: ({ bandwidth }) => ({ rate: bandwidth("Bytes a second.") }),
  names: { rate: "bytesPerSecond" },
  prompt: {
    words: { rate: "<size>/s" },
    does: "limit the bytes per second on a link",
    examples: ["bandwidth Alford-Parker 10kB/s"],
  },
  words: ({ bytesPerSecond }) => `of ${bytesPerSecond} bytes/s`,
  nemesis: { bytesPerSecond: 10_000 },
  slows: true,
  begin({ bytesPerSecond }, { spot, touch }) {
    // What a connection has not sent is gone when it ends.
    const freeMs = new WeakMap<Connection, number>();
    return {
      schedule(parcels, nowMs, connection) {
        touch();
        return parcels.map((parcel) => {
          // A narrow link is busy from the arrival of bytes, and not from when
          // another fault releases them: once that has ended, nothing waits for
          // this one.
          const takesMs = parcel.bytes.length * 1_000 / bytesPerSecond;
          const fromMs = Math.max(freeMs.get(connection) ?? 0, nowMs);
          freeMs.set(connection, fromMs + takesMs);
          return later(parcel, spot.id, fromMs + takesMs - nowMs);
        });
      },
    };
  },
});
