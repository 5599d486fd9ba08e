/**
 * Sockets for proxies on the real machine: Node's, for only those can send a
 * reset.
 *
 * @module
 */
import { connect, createServer } from "node:net";
import type { LinkSockets } from "../../worlds/host.ts";

const OPTIONS = { allowHalfOpen: true, noDelay: true };

/** Node's sockets. */
export const nodeSockets: LinkSockets = {
  listen(hostname, onConnection) {
    const { promise, resolve, reject } = Promise.withResolvers<
      { port: number; close(): void }
    >();
    const server = createServer(OPTIONS, (socket) => {
      socket.on("error", ignore);
      onConnection(socket);
    });
    server.once("error", reject);
    server.listen(0, hostname, () => {
      server.off("error", reject);
      const address = server.address();
      const port = typeof address === "object" && address ? address.port : 0;
      resolve({ port, close: () => server.close() });
    });
    return promise;
  },
  connect({ hostname: host, port }) {
    const socket = connect({ ...OPTIONS, host, port });
    socket.on("error", ignore);
    return socket;
  },
};

/** What an error means is that the socket closes, and that is looked after. */
function ignore(): void {}
