/**
 * Sessions with hubs whose servers do not answer.
 *
 * @module
 */
import { assertEquals, assertRejects } from "@std/assert";
import { natsHub } from "../../../../herd/net/hub/nats.ts";
import type {
  NatsConnection,
  NatsLibrary,
} from "../../../../herd/net/hub/nats_library.ts";

const OPTIONS = {
  servers: ["nats://hub-1", "nats://hub-2"],
  herd: ["Ash"],
  client: "",
};

Deno.test("natsHub() gives an attempt up as soon as it is told to", async () => {
  const dialled: string[] = [];
  const dialling = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<NatsConnection>();
  const library = {
    transport: {
      connect: (options: Record<string, unknown>) => {
        dialled.push(String(options.servers));
        dialling.resolve();
        return answer.promise;
      },
    },
  } as unknown as NatsLibrary;
  const stopping = new AbortController();
  const open = natsHub(() => Promise.resolve(library));
  const opening = open(OPTIONS, "Ash", stopping.signal);
  await dialling.promise;
  stopping.abort(new Error("stopped"));
  await assertRejects(() => opening, Error, "stopped");
  assertEquals(dialled, ["hub-1"]);
  // What is connected too late is not kept.
  const closed = Promise.withResolvers<void>();
  answer.resolve({
    closed: () => closed.promise,
    close: () => Promise.resolve(closed.resolve()),
  });
  await closed.promise;
});

Deno.test("natsHub() tells why each server of a hub can't be had", async () => {
  const failures: Record<string, string> = {
    "hub-1": "Authorization Violation",
    "hub-2": "connection refused",
  };
  const library = {
    transport: {
      connect: ({ servers }: { servers: string }) =>
        Promise.reject(new Error(failures[servers])),
    },
  } as unknown as NatsLibrary;
  const open = natsHub(() => Promise.resolve(library));
  const why = (servers: string[]) =>
    open({ ...OPTIONS, servers }, "Ash", new AbortController().signal)
      .catch((error) => error.message);
  assertEquals(
    await why(OPTIONS.servers),
    "hub-1: Authorization Violation; hub-2: connection refused",
  );
  assertEquals(await why(["nats://hub-1"]), "Authorization Violation");
});
