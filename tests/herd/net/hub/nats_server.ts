/**
 * A real NATS server with JetStream, for one test.
 *
 * @module
 */
import { createRequire } from "node:module";
import { freePorts } from "../../../free_ports.ts";
import { denoPlatform } from "../../../../herd/net/deno_platform.ts";
import { delay } from "../../../../herd/net/timing.ts";
import { hubClient } from "../../../../sim/live/hub/hub_client.ts";
import { isListening } from "../../../../sim/live/servers/ports.ts";

const START_MS = 20_000;

export interface NatsServer extends AsyncDisposable {
  readonly port: number;
  /** For gateways of a herd of two, but for the client's folder. */
  readonly options: {
    readonly servers: readonly string[];
    readonly herd: readonly string[];
  };
  kill(): void;
  /** Makes a stream, as somebody else would. */
  addStream(config: Readonly<Record<string, unknown>>): Promise<void>;
}

/** Starts one, with more lines in its configuration. */
export async function natsServer(more = ""): Promise<NatsServer> {
  await using owned = new AsyncDisposableStack();
  const folder = await Deno.makeTempDir();
  owned.defer(() => Deno.remove(folder, { recursive: true }));
  const [port = 0] = freePorts(1);
  await Deno.writeTextFile(
    `${folder}/hub.conf`,
    `listen: "127.0.0.1:${port}"\njetstream { store_dir: "${folder}" }\n${more}`,
  );
  const child = new Deno.Command("nats-server", {
    args: ["--config", `${folder}/hub.conf`],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  let isOver = false;
  const kill = () => {
    if (!isOver) child.kill("SIGKILL");
    isOver = true;
  };
  owned.defer(async () => {
    kill();
    await child.status;
  });
  const address = { hostname: "127.0.0.1", port };
  const endMs = Date.now() + START_MS;
  while (!await isListening(denoPlatform, address)) {
    if (Date.now() > endMs) throw new Error("nats-server does not listen");
    await delay(denoPlatform.clock, 20);
  }
  const stack = owned.move();
  const servers = [`nats://127.0.0.1:${port}`];
  return {
    port,
    options: { servers, herd: ["Ash", "Elm"] },
    kill,
    addStream: (config) => addStream(port, config),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

async function addStream(
  port: number,
  config: Readonly<Record<string, unknown>>,
): Promise<void> {
  const require = createRequire(`${await hubClient()}/client.js`);
  const { connect } = require("@nats-io/transport-node");
  const { jetstreamManager } = require("@nats-io/jetstream");
  const connection = await connect({ servers: `127.0.0.1:${port}` });
  await (await jetstreamManager(connection)).streams.add(config);
  await connection.close();
}
