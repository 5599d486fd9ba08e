/**
 * Gateways with a real NATS server: over TLS, with credentials, and what becomes
 * of a hub that is none.
 *
 * @module
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { openNats } from "../../../../herd/net/deno_platform.ts";
import type { HubMessage, HubOptions } from "../../../../herd/net/hub/hub.ts";
import { hubClient } from "../../../../sim/live/hub/hub_client.ts";
import { natsServer } from "./nats_server.ts";
import { unless, whyNoProgram } from "../../../skipped.ts";

const missing = whyNoProgram("nats-server");
const never = new AbortController().signal;
const decoder = new TextDecoder();
const encoder = new TextEncoder();

function bytes(text: string): Uint8Array {
  return encoder.encode(text);
}

/** Reads until a message comes that says so, and tells all that came. */
async function readUntil(
  options: HubOptions,
  text: string,
): Promise<string[]> {
  const session = await openNats(options, "Elm", never);
  const told: string[] = [];
  await session.read((message: HubMessage) => {
    told.push(decoder.decode(message.bytes));
    if (told.at(-1) === text) void session.close();
  });
  return told;
}

Deno.test({
  ...unless(
    missing,
    "nats-server: the last message of each subject is read, then what comes",
  ),
  async fn() {
    await using server = await natsServer();
    const options = { ...server.options, client: await hubClient() };
    const session = await openNats(options, "Ash", never);
    assert(session.isEmpty);
    const first = await session.publish("fix.Ash.a", bytes("one"), "1");
    await session.publish("fix.Ash.a", bytes("two"), "2");
    await session.publish("fix.Ash.b", bytes("three"), "3");
    assertEquals(first, 1);
    const again = await session.publish("fix.Ash.a", bytes("one"), "1");
    assertEquals(again, 1, "the ID was known");
    assertEquals(await readUntil(options, "three"), ["two", "three"]);
    await session.close();
  },
});

Deno.test({
  ...unless(
    missing,
    "nats-server: who shows no credentials, or the wrong ones, is refused",
  ),
  async fn() {
    await using server = await natsServer(
      'authorization { user: herd, password: "to/ken" }',
    );
    const { port, options } = server;
    const client = await hubClient();
    const at = (who: string) => ({
      ...options,
      client,
      servers: [`nats://${who}127.0.0.1:${port}`],
    });
    const session = await openNats(at("herd:to%2Fken@"), "Ash", never);
    await session.publish("fix.Ash.a", bytes("one"), "1");
    await session.close();
    for (const who of ["", "herd:wrong@"]) {
      await assertRejects(
        () => openNats(at(who), "Ash", never),
        Error,
        "uthor",
      );
    }
  },
});

Deno.test({
  ...unless(
    whyNoProgram("nats-server", "openssl"),
    "nats-server: over TLS, by a CA that was told, and by no other",
  ),
  async fn() {
    const folder = await Deno.makeTempDir();
    try {
      const { success } = await new Deno.Command("openssl", {
        args: ["req", "-x509", "-newkey", "ec", "-pkeyopt"].concat(
          ["ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"],
          ["-keyout", `${folder}/key.pem`, "-out", `${folder}/cert.pem`],
          ["-subj", "/CN=hub", "-addext", "subjectAltName=IP:127.0.0.1"],
        ),
        stderr: "null",
      }).output();
      assert(success);
      await using server = await natsServer(
        `tls { cert_file: "${folder}/cert.pem", key_file: "${folder}/key.pem" }`,
      );
      const client = await hubClient();
      const ca = await Deno.readTextFile(`${folder}/cert.pem`);
      const options = {
        ...server.options,
        client,
        servers: [`tls://127.0.0.1:${server.port}`],
      };
      const session = await openNats({ ...options, tls: { ca } }, "Ash", never);
      await session.publish("fix.Ash.a", bytes("one"), "1");
      await session.close();
      await assertRejects(() => openNats(options, "Ash", never));
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

Deno.test({
  ...unless(
    missing,
    "nats-server: a stream of that name that forgets nothing is refused",
  ),
  async fn() {
    await using server = await natsServer();
    const options = { ...server.options, client: await hubClient() };
    await server.addStream({
      name: "HERD_FIXES",
      subjects: ["fix.*.*"],
      num_replicas: 1,
      storage: "memory",
      retention: "limits",
      discard: "old",
      max_msgs_per_subject: -1,
    });
    await assertRejects(
      () => openNats(options, "Ash", never),
      Error,
      "max_msgs_per_subject",
    );
  },
});

Deno.test({
  ...unless(missing, "nats-server: a session tells that its server is gone"),
  async fn() {
    await using server = await natsServer();
    const options = { ...server.options, client: await hubClient() };
    const session = await openNats(options, "Ash", never);
    const over = session.read(() => {});
    server.kill();
    assert((await over).length > 0);
    await assertRejects(() => session.publish("fix.Ash.a", bytes("x"), "1"));
    await assertRejects(() => openNats(options, "Ash", never));
  },
});

Deno.test({
  ...unless(
    missing,
    "nats-server: a reset of a connection that is let go ends nothing",
  ),
  async fn() {
    const client = await hubClient();
    const publish = async (options: HubOptions) => {
      const session = await openNats(options, "Ash", never);
      const told = Array.from(
        { length: 50 },
        (_, i) =>
          session.publish(`fix.Ash.${i}`, bytes("x".repeat(3_000)), `${i}`)
            .catch(() => {}),
      );
      return { session, told: Promise.all(told) };
    };
    for (let i = 0; i < 4; i++) {
      await using server = await natsServer(
        "authorization { user: herd, password: ken }",
      );
      const at = (who: string) => ({
        ...server.options,
        client,
        servers: [`nats://${who}@127.0.0.1:${server.port}`],
      });
      for (let j = 0; j < 12; j++) {
        await assertRejects(() => openNats(at("herd:barbie"), "Ash", never));
        const { session, told } = await publish(at("herd:ken"));
        if (j % 3 > 0) await told;
        await session.close();
      }
      // The last one goes with its server.
      await publish(at("herd:ken"));
    }
  },
});

Deno.test({
  ...unless(missing, "nats-server: a session tells how much the hub takes"),
  async fn() {
    await using server = await natsServer("max_payload: 2000");
    const options = { ...server.options, client: await hubClient() };
    const session = await openNats(options, "Ash", never);
    const publish = (length: number) =>
      session.publish("fix.Ash.a", new Uint8Array(length), "x".repeat(64));
    await publish(session.bytesMax);
    await assertRejects(() => publish(2_000), Error, "max_payload");
    await session.close();
  },
});
