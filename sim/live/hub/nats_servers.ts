/**
 * NATS servers with JetStream that the workbench runs: one, or a cluster.
 *
 * @module
 */
import type { HubOptions } from "../../../herd/net/hub/hub.ts";
import { STREAM } from "../../../herd/net/hub/nats.ts";
import type { Platform } from "../../../herd/net/platform.ts";
import { delay } from "../../../herd/net/timing.ts";
import { removeFolder } from "../../worlds/data_dir.ts";
import type { RunningHub } from "../../worlds/hub.ts";
import {
  signalTo,
  tellLine,
  watchDeath,
} from "../../worlds/processes/death_watch.ts";
import { PortLease } from "../../worlds/port_lease.ts";
import { openTempFolder } from "../../worlds/processes/temp_folder.ts";
import { Forwarder } from "../servers/forwarder.ts";
import { isListening, NotStarted } from "../servers/ports.ts";
import { hubClient } from "./hub_client.ts";

const HOSTNAME = "127.0.0.1";
const START_MS = 10_000;
const LOOK_MS = 20;
/** Becomes a server once it is watched; if nobody lives to say so, it ends. */
const WATCHED = 'read -r _ && exec nats-server --config "$0"';

/** What is said where there is no such program. */
export const NATS_MISSING =
  "nats-server is not installed; on Debian: apt-get install nats-server";

/** Where a server listens. */
interface Ports {
  readonly clients: number;
  readonly cluster: number;
  readonly monitor: number;
}

/** One that runs. */
interface Running {
  readonly child: Deno.ChildProcess;
  /** Resolves when it has ended, and so has the watch over it. */
  readonly ended: Promise<void>;
}

/** @throws {NotStarted} If there is no such program. */
async function checkInstalled(): Promise<void> {
  try {
    await new Deno.Command("nats-server", { args: ["--version"] }).output();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new NotStarted(NATS_MISSING);
  }
}

/** A hub of NATS servers. */
export class NatsServers implements RunningHub {
  readonly servers: readonly number[];
  readonly #platform: Platform;
  readonly #folder: string;
  readonly #ports: readonly Ports[];
  readonly #client: string;
  readonly #running = new Map<number, Running>();
  readonly #ways = new Map<string, readonly Forwarder[]>();
  readonly #owned: AsyncDisposableStack;

  private constructor(
    platform: Platform,
    folder: string,
    ports: readonly Ports[],
    client: string,
    owned: AsyncDisposableStack,
  ) {
    this.#platform = platform;
    this.#folder = folder;
    this.#ports = ports;
    this.#client = client;
    this.#owned = owned;
    this.servers = ports.map((_, at) => at + 1);
  }

  /**
   * Starts so many of them, with a way of its own for each gateway.
   *
   * @param here The address of this machine by which gateways come.
   * @throws {NotStarted} If that can't be done, as where there is no such program.
   */
  static async start(
    platform: Platform,
    count: number,
    gateways: readonly string[],
    here = HOSTNAME,
  ): Promise<NatsServers> {
    const client = await hubClient();
    await checkInstalled();
    await using owned = new AsyncDisposableStack();
    const folder = owned.use(await openTempFolder());
    const free = owned.use(new PortLease(platform))
      .take((3 + gateways.length) * count);
    const take = () => free.splice(0, count);
    const [clients, clusters, monitors] = [take(), take(), take()];
    const ports = clients.map((port, at) => ({
      clients: port,
      cluster: clusters[at]!,
      monitor: monitors[at]!,
    }));
    const stack = new AsyncDisposableStack();
    const hub = new NatsServers(platform, folder.path, ports, client, stack);
    owned.defer(() => hub.kill(hub.servers));
    await hub.revive(hub.servers);
    for (const gateway of gateways) hub.#pave(gateway, here, take(), owned);
    stack.use(owned.move());
    return hub;
  }

  #pave(
    gateway: string,
    hostname: string,
    ports: readonly number[],
    owned: AsyncDisposableStack,
  ): void {
    const platform = this.#platform;
    const ways = ports.map((port, at) => {
      const to = { hostname: HOSTNAME, port: this.#ports[at]!.clients };
      const dial = () => platform.network.connect(to);
      return owned.use(new Forwarder(platform, { hostname, port }, dial));
    });
    this.#ways.set(gateway, ways);
  }

  /** The addresses of the servers themselves. */
  get urls(): string[] {
    return this.#ports.map(({ clients }) => urlOf(clients));
  }

  up(): number[] {
    return this.servers.filter((it) => this.#running.has(it));
  }

  address(gateway: string): Pick<HubOptions, "servers" | "client"> {
    const servers = this.#ways.get(gateway)
      ?.map(({ address: { port, hostname } }) => urlOf(port, hostname));
    return { servers: servers ?? this.urls, client: this.#client };
  }

  async leader(): Promise<number | undefined> {
    const [one] = this.up();
    if (one === undefined) return undefined;
    if (this.servers.length === 1) return one;
    const { monitor } = this.#ports[one - 1]!;
    const text = await this.#ask(monitor, "/jsz?streams=true");
    const about = text.slice(text.indexOf(`"name": "${STREAM}"`));
    const [, number] = /"leader": "hub-(\d+)"/.exec(about) ?? [];
    return number === undefined ? undefined : Number(number);
  }

  /** What a server's monitor answers; `fetch` may ask a proxy that is not ours. */
  async #ask(port: number, path: string): Promise<string> {
    const address = { hostname: HOSTNAME, port };
    const connection = await this.#platform.network.connect(address);
    try {
      const request = `GET ${path} HTTP/1.0\r\n\r\n`;
      await connection.write(new TextEncoder().encode(request));
      const decoder = new TextDecoder();
      const chunk = new Uint8Array(16_384);
      let text = "";
      for (let count; (count = await connection.read(chunk)) !== null;) {
        text += decoder.decode(chunk.subarray(0, count), { stream: true });
      }
      return text;
    } finally {
      connection.close();
    }
  }

  async kill(servers: readonly number[]): Promise<void> {
    await Promise.all(servers.map(async (server) => {
      const running = this.#running.get(server);
      if (running === undefined) return;
      this.#running.delete(server);
      signalTo(running.child, "SIGKILL");
      await running.ended;
    }));
  }

  async revive(servers: readonly number[]): Promise<void> {
    const tries = servers.map(async (server) => {
      if (!this.#running.has(server)) await this.#spawn(server);
      await this.#untilReady(server);
    });
    // None is still under way when it is told that one has failed.
    await Promise.allSettled(tries);
    await Promise.all(tries);
  }

  async #spawn(server: number): Promise<void> {
    const file = `${this.#folder}/hub-${server}.conf`;
    Deno.writeTextFileSync(file, this.#config(server));
    const child = new Deno.Command("sh", {
      args: ["-c", WATCHED, file],
      stdin: "piped",
      stdout: "null",
      stderr: "null",
      // Ctrl-C in a terminal is for who started this alone.
      detached: true,
    }).spawn();
    const ended = this.#untilEnded(server, child, watchDeath(child.pid));
    this.#running.set(server, { child, ended });
    await tellLine(child);
  }

  async #untilEnded(
    server: number,
    child: Deno.ChildProcess,
    endWatch: () => Promise<void>,
  ): Promise<void> {
    await child.status;
    await endWatch();
    // It may have been killed, and revived since.
    if (this.#running.get(server)?.child === child) {
      this.#running.delete(server);
    }
  }

  #config(server: number): string {
    const { clients, cluster, monitor } = this.#ports[server - 1]!;
    const routes = this.#ports.map((it) => urlOf(it.cluster)).join(", ");
    return [
      `server_name: hub-${server}`,
      `listen: "${HOSTNAME}:${clients}"`,
      `http: "${HOSTNAME}:${monitor}"`,
      `log_file: "${this.#folder}/hub-${server}.log"`,
      `jetstream { store_dir: "${this.#store(server)}" }`,
      ...this.servers.length > 1
        ? [
          `cluster { name: herd, listen: "${HOSTNAME}:${cluster}", ` +
          `no_advertise: true, routes: [${routes}] }`,
        ]
        : [],
    ].join("\n");
  }

  #store(server: number): string {
    return `${this.#folder}/store-${server}`;
  }

  async #untilReady(server: number): Promise<void> {
    const { clock } = this.#platform;
    const endMs = clock.nowMs() + START_MS;
    const port = this.#ports[server - 1]!.clients;
    while (!await isListening(this.#platform, { hostname: HOSTNAME, port })) {
      const why = !this.#running.has(server)
        ? "has ended"
        : clock.nowMs() >= endMs
        ? `does not listen after ${START_MS} ms`
        : undefined;
      if (why !== undefined) {
        throw new NotStarted(`Cannot start the hub: server ${server} ${why}`);
      }
      await delay(clock, LOOK_MS);
    }
  }

  async wipe(servers: readonly number[]): Promise<void> {
    for (const server of servers) {
      if (this.#running.has(server)) continue;
      await removeFolder(this.#store(server));
    }
  }

  cut(gateways: readonly string[]): void {
    for (const gateway of gateways) {
      for (const way of this.#ways.get(gateway) ?? []) way.cut();
    }
  }

  heal(gateways: readonly string[]): void {
    for (const gateway of gateways) {
      for (const way of this.#ways.get(gateway) ?? []) way.heal();
    }
  }

  /** Ends them, and leaves nothing behind. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#owned.disposeAsync();
  }
}

function urlOf(port: number, hostname = HOSTNAME): string {
  return `nats://${hostname}:${port}`;
}
