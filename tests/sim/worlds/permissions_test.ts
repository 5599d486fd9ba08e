import { assertEquals } from "@std/assert";
import { permissionsOf } from "../../../sim/worlds/permissions.ts";

Deno.test({
  name:
    "permissionsOf() names the hosts of links, places and hub; who answers " +
    "datagrams of other machines may send anywhere",
  permissions: "none",
  fn() {
    const server = {
      hostname: "127.0.0.1",
      neighbours: [{ name: "Elm", hostname: "127.0.0.1", port: 2 }],
      places: { base: "http://10.0.0.9:80", key: "" },
      hub: { servers: ["nats://hub:4222"], herd: [], client: "/client" },
      ways: { udp: { port: 1 } },
    };
    const net = ["127.0.0.1", "10.0.0.9:80", "hub:4222"];
    assertEquals(permissionsOf(server), {
      net,
      read: ["/client"],
      write: false,
    });
    const hostname = "0.0.0.0";
    assertEquals(permissionsOf({ ...server, hostname }).net, true);
    const { ways: _, ...without } = server;
    assertEquals(permissionsOf({ ...without, hostname }).net, [
      ...[hostname, "127.0.0.1", "10.0.0.9:80", "hub:4222"],
    ]);
  },
});
