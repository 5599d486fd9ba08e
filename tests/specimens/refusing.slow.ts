/**
 * Servers that dial for each message learn of a cut that refuses as they do of a
 * neighbour that is down; of one that holds they do not.
 *
 * @module
 */
import { denoPlatform } from "../../herd/net/deno_platform.ts";
import { bring } from "../../sim/live/herd/bring.ts";
import { Herd } from "../../sim/live/herd/herd.ts";
import { ISOLATIONS } from "../../sim/model/manifest.ts";
import { whyNoNamespace } from "../../sim/worlds/processes/isolation.ts";
import { pythonServer, until } from "../sim/live/herd/brought.ts";
import { unless } from "../skipped.ts";

const missing = await whyNoNamespace();

for (const isolation of ISOLATIONS) {
  Deno.test({
    ...unless(
      isolation === "netns" ? missing : undefined,
      `a cut that refuses is one to servers that dial for each message, by ${isolation}`,
    ),
    async fn() {
      await using given = await pythonServer(`
import socket
ports = {"s0": 15306, "s1": 15307}
listener = socket.create_server(("127.0.0.1", ports[me]))
while True:
    conn, _ = listener.accept()
    if conn.recv(1024).startswith(b"HOP"):
        conn.sendall(b"hop")
        conn.close()
        continue
    try:
        with socket.create_connection(("127.0.0.1", 15306 + 15307 - ports[me]), 0.5) as hop:
            hop.sendall(b"HOP")
            said = hop.recv(16) or b"ended"
    except ConnectionRefusedError:
        said = b"refused"
    except OSError:
        said = b"held"
    conn.sendall(b"? " + said + b"\\n")
    conn.close()
`);
      await using brought = await bring(denoPlatform, { ...given, isolation });
      await using herd = await Herd.start("line:2", brought.options);
      const comesTo = (server: string, what: string) =>
        until(async () => {
          await using client = await herd.client(server);
          return await client.send("well") === `? ${what}`;
        });
      await comesTo("s0", "hop");
      const holding = await herd.cut("s0-s1");
      await comesTo("s0", "held");
      await holding.heal();
      await comesTo("s1", "hop");
      const cut = await herd.partition([["s0"], ["s1"]], { dials: "refuse" });
      await comesTo("s0", "refused");
      await comesTo("s1", "refused");
      await cut.heal();
      await comesTo("s0", "hop");
      await comesTo("s1", "hop");
    },
  });
}
