import { assertEquals, assertThrows } from "@std/assert";
import { hubOf, hubToldOf } from "../../../../sim/live/cli/hub_options.ts";
import { UsageError } from "../../../../sim/live/cli/usage_error.ts";

Deno.test("hubOf() takes the command line's hub, else the topology's, with its files", () => {
  const file = Deno.makeTempFileSync();
  try {
    Deno.writeTextFileSync(file, "PEM");
    assertEquals(hubOf({}, undefined), undefined);
    assertEquals(hubOf({}, "nats://h:1"), { url: "nats://h:1" });
    assertEquals(hubOf({ hub: "tls://i:2", "hub-ca": file }, "nats://h:1"), {
      url: "tls://i:2",
      tls: { ca: "PEM" },
    });
    assertEquals(hubOf({ hub: "nats://h", "hub-creds": file }, undefined), {
      url: "nats://h",
      credentials: "PEM",
    });
  } finally {
    Deno.removeSync(file);
  }
});

Deno.test("hubOf() says what is wrong", () => {
  const table: [Parameters<typeof hubOf>[0], string][] = [
    [{ hub: "http://h" }, "--hub: it must be as nats://"],
    [{ "hub-ca": "ca.pem" }, "--hub-ca: of which hub?"],
    [{ hub: "nats://h", "hub-key": "k" }, "--hub-cert goes with --hub-key"],
    [{ hub: "nats://h", "hub-creds": "/none" }, "--hub-creds: cannot read"],
  ];
  for (const [told, why] of table) {
    assertThrows(() => hubOf(told, undefined), UsageError, why);
  }
});

Deno.test("hubToldOf() is nothing where nothing was told", () => {
  assertEquals(hubToldOf({}), {});
  assertEquals(hubToldOf({ hub: "nats://h" }), { hub: { hub: "nats://h" } });
});
