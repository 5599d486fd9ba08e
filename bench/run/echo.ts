/**
 * A process that sends back what it reads and does nothing else. Answers its
 * `port`.
 *
 * @module
 */
import { connectionsOf } from "../../herd/net/accepting.ts";
import { denoPlatform } from "../../herd/net/deno_platform.ts";
import { serve } from "./serve.ts";

const READ_BYTES = 65_536;

async function echo(conn: Deno.TcpConn): Promise<void> {
  conn.setNoDelay(true);
  const buffer = new Uint8Array(READ_BYTES);
  for (;;) {
    const read = await conn.read(buffer);
    if (read === null) break;
    for (let at = 0; at < read;) {
      at += await conn.write(buffer.subarray(at, read));
    }
  }
  conn.close();
}

async function accept(listener: Deno.TcpListener): Promise<void> {
  for await (const conn of connectionsOf(denoPlatform.clock, listener)) {
    echo(conn).catch(() => {});
  }
}

const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
void accept(listener);
await serve({ port: () => listener.addr.port });
