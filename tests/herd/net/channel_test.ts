/**
 * A channel whose other side dies.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { Channel } from "../../../herd/net/channel.ts";

const LINES = 2_000;

Deno.test("Channel reads what came before the other side went, though a write has failed", async () => {
  const hostname = "127.0.0.1";
  using listener = Deno.listen({ hostname, port: 0 });
  const [conn, other] = await Promise.all([
    Deno.connect({ hostname, port: listener.addr.port }),
    listener.accept(),
  ]);
  const channel = new Channel(conn, 100);
  // With input that nobody reads, its end is a reset, as that of a busy server is.
  await channel.writeText("unread\n");
  const text = "AT Ash\n".repeat(LINES);
  await other.write(new TextEncoder().encode(text));
  other.close();
  while (await channel.writeText("more\n"));
  let lines = 0;
  await channel.readAll(() => {
    while (channel.lines.next()) lines++;
    return undefined;
  });
  assertEquals(lines, LINES);
  channel.close();
});
