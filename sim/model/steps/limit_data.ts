/**
 * The fault `limit_data`: a connection is closed after a number of bytes.
 *
 * @module
 */
import { count } from "../count.ts";
import { type Connection, linkFault } from "./link_fault.ts";

export const limitData = linkFault({
  kind: "limit_data",
  does: "Closes each connection after this many bytes.",
  fields: ({ size }) => ({
    bytes: size("After this many the connection is closed."),
  }),
  names: {},
  prompt: {
    words: { bytes: "<size>" },
    does: "close a connection after this many bytes",
  },
  words: ({ bytes }) => `of ${count(bytes, "byte")}`,
  nemesis: { bytes: 2_000 },
  begin({ bytes: most }, { touch }) {
    const passed = new WeakMap<Connection, number>();
    return {
      limit(bytes, connection) {
        const before = passed.get(connection) ?? 0;
        const pass = Math.min(bytes, most - before);
        passed.set(connection, before + pass);
        if (bytes >= most - before) touch();
        return most - before;
      },
    };
  },
});
