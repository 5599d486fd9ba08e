/**
 * A server in a process of its own, without neighbours, and with the limits given
 * as JSON. Prints its port; at each
 * line of its standard input the memory that the process takes up, in bytes, and
 * how many WHATSATs it has answered; ends with that input.
 *
 * @module
 */
import { Server } from "../../../herd/net/server.ts";

const server = await Server.start({
  name: "Alford",
  port: 0,
  neighbours: [],
  secret: "5a".repeat(32),
  limits: JSON.parse(Deno.args[0] ?? "{}"),
});
console.log(JSON.stringify({ port: server.port }));
for await (const _ of Deno.stdin.readable) {
  const { rss } = Deno.memoryUsage();
  console.log(JSON.stringify({ rss, answered: server.stats().whatsat }));
}
Deno.exit(0);
