/**
 * The process that is measured: `server`, one server of a herd, with its
 * options as JSON in the second argument, or `echo`, which sends back what it
 * reads and does nothing else. Answers its `port`, and its `account`: a
 * {@linkcode TargetAccount}.
 *
 * @module
 */
import { connectionsOf } from "../../herd/net/accepting.ts";
import process from "node:process";
import { denoPlatform } from "../../herd/net/deno_platform.ts";
import { freshSecret } from "../../herd/net/handshake.ts";
import { Server } from "../../herd/net/server.ts";
import { serve } from "./serve.ts";

const READ_BYTES = 65_536;

/** A process's report on itself. */
export interface TargetAccount {
  /** Processor time used, in microseconds. */
  readonly cpuUs: number;
  readonly rssBytes: number;
  /** Of a server: how often one of its links has gone down. */
  readonly linksLost: number;
}

let linksLost = 0;

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

async function startEcho(): Promise<number> {
  const listener = await Promise.resolve(
    Deno.listen({ hostname: "127.0.0.1", port: 0 }),
  );
  (async () => {
    for await (const conn of connectionsOf(denoPlatform.clock, listener)) {
      echo(conn).catch(() => {});
    }
  })();
  return listener.addr.port;
}

async function startServer(): Promise<number> {
  const server = await Server.start({
    name: "Alford",
    port: 0,
    neighbours: [],
    secret: freshSecret(),
    onEvent: ({ kind }) => void (kind === "link-down" && linksLost++),
    ...JSON.parse(Deno.args[1] ?? "{}"),
  });
  return server.port;
}

function account(): TargetAccount {
  const { user, system } = process.cpuUsage();
  const { rss: rssBytes } = Deno.memoryUsage();
  return { cpuUs: user + system, rssBytes, linksLost };
}

if (import.meta.main) {
  const port = Deno.args[0] === "echo"
    ? await startEcho()
    : await startServer();
  await serve({ port: () => port, account });
}
