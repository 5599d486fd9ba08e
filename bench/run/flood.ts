/**
 * Clients that send as fast as a server takes it, in a process of their own: the
 * port, what they send, how many connections. Prints `{}` once all are open, and
 * floods until its standard input ends.
 *
 * @module
 */
const LONG_BYTES = 60_000;
const LINES_PER_WRITE = 1_000;
const LONG_PER_WRITE = 4;
const READ_BYTES = 262_144;

/** What a flood sends. */
export const FLOODS = ["iamats", "garbage", "ids", "numbers"] as const;

/** One of them. */
export type Flood = typeof FLOODS[number];

let sent = 0;

function linesOf(flood: Flood): string {
  const many = (count: number, line: () => string) =>
    Array.from({ length: count }, () => `${line()}\n`).join("");
  switch (flood) {
    case "iamats":
      return many(
        LINES_PER_WRITE,
        () =>
          `IAMAT c${sent % 1_000} +34.068930-118.445127 ` +
          `${1_700_000_000 + ++sent}.25`,
      );
    case "garbage":
      return many(LONG_PER_WRITE, () => "x".repeat(LONG_BYTES));
    case "ids":
      return many(
        LONG_PER_WRITE,
        () => `IAMAT ${`${++sent}`.padEnd(LONG_BYTES, "y")} +34-118 1`,
      );
    case "numbers":
      return many(
        LONG_PER_WRITE,
        () => `IAMAT c +34-118 ${"1".repeat(LONG_BYTES / 2)}${++sent}`,
      );
  }
}

async function flood(
  conn: Deno.TcpConn,
  what: Flood,
  isAlone: boolean,
): Promise<void> {
  const write = async () => {
    for (;;) {
      const bytes = new TextEncoder().encode(linesOf(what));
      for (let at = 0; at < bytes.length;) {
        at += await conn.write(bytes.subarray(at));
      }
      // With many connections each is to have its turn.
      if (!isAlone) await new Promise((resolve) => setTimeout(resolve));
    }
  };
  const read = async () => {
    const buffer = new Uint8Array(READ_BYTES);
    while (await conn.read(buffer) !== null);
  };
  await Promise.race([write(), read()]);
}

if (import.meta.main) {
  const [port, what, connections] = Deno.args;
  const conns = await Promise.all(
    Array.from(
      { length: Number(connections) },
      () => Deno.connect({ hostname: "127.0.0.1", port: Number(port) }),
    ),
  );
  // A connection that the server closes has flooded enough.
  for (const conn of conns) {
    flood(conn, what as Flood, conns.length === 1).catch(() => {});
  }
  console.log("{}");
  for await (const _ of Deno.stdin.readable);
  Deno.exit(0);
}
