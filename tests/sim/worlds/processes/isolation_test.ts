import { assertEquals, assertRejects } from "@std/assert";
import type { Isolation } from "../../../../sim/model/manifest.ts";
import { chooseIsolation } from "../../../../sim/worlds/processes/isolation.ts";

const none = () => Promise.resolve("only Linux has them");
const some = () => Promise.resolve(undefined);

const CHOICES: readonly (readonly [
  command: string,
  noNamespace: typeof none | typeof some,
  chosen: Isolation,
])[] = [
  ["python3 server.py {name}", none, "shim"],
  ["/usr/bin/node server.mjs {name}", some, "shim"],
  ["./proxy-herd --id {name}", some, "netns"],
  ["go run . {name}", none, "rewrite"],
  ["./proxy-herd {name} {port} {peers_json}", none, "shim"],
];

for (const [command, noNamespace, chosen] of CHOICES) {
  const can = noNamespace === some ? "can" : "can't";
  Deno.test({
    name:
      `chooseIsolation() takes ${chosen} for ${command} where there ${can} be namespaces`,
    permissions: "none",
    async fn() {
      const words = command.split(" ");
      const { isolation } = await chooseIsolation(
        words,
        undefined,
        noNamespace,
      );
      assertEquals(isolation, chosen);
    },
  });
}

Deno.test({
  name: "chooseIsolation() tells why it is the last, and what can't be had",
  permissions: "none",
  async fn() {
    const { text } = await chooseIsolation(["go", "run"], undefined, none);
    assertEquals(
      text,
      "a copy each, in which other ports stand; what else they reach is up to " +
        "them, for go is neither Python nor Node, and there can be no network " +
        "namespace (only Linux has them)",
    );
    await assertRejects(
      () => chooseIsolation(["go", "run"], "netns", none),
      RangeError,
      "only Linux has them",
    );
    await assertRejects(
      () => chooseIsolation(["go", "{port}"], "rewrite", some),
      RangeError,
      "that takes {port}",
    );
  },
});
