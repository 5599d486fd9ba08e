/**
 * TLS: of clients, and of links.
 *
 * @module
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { denoPlatform } from "../../../../herd/net/deno_platform.ts";
import { type ServerLog, SILENT_LOG } from "../../../../herd/net/log.ts";
import { TransportFailed } from "../../../../herd/net/platform.ts";
import type { ServerTls } from "../../../../herd/net/server_options.ts";
import { dial } from "../../../../herd/net/ways/dial.ts";
import { freePort, start, until, Wire } from "../support.ts";
import { certificate, LOCALHOST } from "./support.ts";

async function identity(): Promise<ServerTls> {
  const { cert, key } = await certificate();
  return { cert, key, ca: [cert] };
}

/** A log that keeps what is a warning. */
function warnings(): ServerLog & { readonly told: string[] } {
  const told: string[] = [];
  return {
    ...SILENT_LOG,
    warn: (event, fields) => told.push(`${event} ${JSON.stringify(fields)}`),
    told,
  };
}

/** Two servers that are to link, each set up as it is told. */
async function pair(
  [ash, elm]: [Parameters<typeof start>[0], Parameters<typeof start>[0]],
) {
  const [one, two] = [freePort(), freePort()];
  const to = (name: string, port: number) => ({
    neighbours: [{ name, hostname: LOCALHOST, port }],
  });
  const a = await start({ name: "Ash", port: one, ...to("Elm", two), ...ash });
  const b = await start({ name: "Elm", port: two, ...to("Ash", one), ...elm });
  return {
    a,
    b,
    async [Symbol.asyncDispose]() {
      await a.server.stop();
      await b.server.stop();
    },
  };
}

Deno.test("Server has its clients and its links by TLS", async () => {
  const tls = await identity();
  await using herd = await pair([{ tls }, { tls, ways: { ws: { port: 0 } } }]);
  await herd.a.events.when("link-up");
  await herd.b.events.when("link-up");
  const { port } = herd.a.server;
  const address = { hostname: LOCALHOST, port };
  const options = { via: "tls", ...tls } as const;
  using wire = new Wire(await dial(address, denoPlatform, options));
  assert((await wire.ask("IAMAT kiwi +0-0 5")).startsWith("AT Ash "));
  await until("the fix at Elm", () => herd.b.server.records().length === 1);
});

Deno.test("Server by TLS turns away who does not know its authority", async () => {
  const log = warnings();
  const tls = await identity();
  await using running = await start({ tls, log });
  const address = { hostname: LOCALHOST, port: running.server.port };
  const error = await assertRejects(
    () => dial(address, denoPlatform, { via: "tls" }),
    TransportFailed,
  );
  assertEquals(
    error.message,
    "nobody that we trust vouches for the other side's certificate",
  );
  await until("a warning", () => log.told.length > 0);
  assert(log.told[0]!.startsWith("transport-failed "), log.told[0]);
  assert(log.told[0]!.includes("does not know who vouches"), log.told[0]);
});

Deno.test("Server by TLS takes no plain text, and says so", async () => {
  const log = warnings();
  const tls = await identity();
  await using running = await start({ tls, log });
  using wire = await Wire.open(running.server.port);
  await wire.send("IAMAT kiwi +0-0 5\n");
  assert(!(await wire.rest()).includes("AT"));
  await until("a warning", () => log.told.length > 0);
  assert(log.told[0]!.includes("speaks plain text"), log.told[0]);
});

Deno.test("Server with a plain link gets none with one by TLS, and both say why", async () => {
  const [ash, elm] = [warnings(), warnings()];
  const tls = await identity();
  await using herd = await pair([{ tls, log: ash }, { log: elm }]);
  const { a } = herd;
  const { why } = await a.events.when("dial-failed");
  assertEquals(
    why,
    "what came is no TLS: the other side speaks plain text",
  );
  await until(
    "a warning",
    () => ash.told.some((it) => it.includes("speaks plain text")),
  );
  assertEquals([a.server.linked(), herd.b.server.linked()], [[], []]);
});

Deno.test("Server has no link by TLS with who does not know the secret", async () => {
  const log = warnings();
  const tls = await identity();
  await using herd = await pair([
    { tls, log },
    { tls, secret: "6b".repeat(32) },
  ]);
  await herd.b.events.when("link-refused");
  await until("a warning", () => log.told.some((it) => it.includes("proof")));
  assertEquals([herd.a.server.linked(), herd.b.server.linked()], [[], []]);
});

Deno.test("Server has no link with who shows a certificate of a stranger's", async () => {
  const tls = await identity();
  const stranger = { ...tls, ca: [] };
  await using herd = await pair([{ tls }, { tls: stranger }]);
  const { why } = await herd.b.events.when("dial-failed");
  assert(why.includes("nobody that we trust"), why);
});
