/**
 * Who is reached by the addresses that servers name: for each of them a map,
 * which its shim reads whenever it dials, or the guard of its namespace. A server
 * that is down is in none, so that a dial is refused as it would be without a
 * proxy in between.
 *
 * @module
 */
import type { Isolation } from "../../model/manifest.ts";
import type { Program } from "./guarded.ts";
import type { ServerStart } from "../world.ts";

/** By host and port, the port of loopback that stands for it. */
export type Hosts = Readonly<Record<string, Readonly<Record<number, number>>>>;

/** One server's place in it. */
interface Plug {
  readonly server: ServerStart;
  readonly folder: string;
  /** The port that it means to listen on, once that was seen or if it was told. */
  asked: number | undefined;
  isUp: boolean;
}

/** What all servers have in common. */
export interface SwitchboardOptions {
  /** Where the maps go; it is made. */
  readonly folder: string;
  readonly hosts: Hosts;
  /** What stands between servers and the network. */
  readonly isolation: Isolation;
  /** Ports that servers are known to mean. */
  readonly ports: Readonly<Record<string, number>>;
  /** The maps have changed. */
  readonly onChange: () => void;
}

/** The maps of all servers. */
export class Switchboard {
  readonly #options: SwitchboardOptions;
  readonly #plugs = new Map<string, Plug>();
  #starts = 0;
  #hasHosts = true;
  #refused: ReadonlySet<string> = new Set();

  /** There is no server yet. */
  constructor(options: SwitchboardOptions) {
    this.#options = options;
    Deno.mkdirSync(options.folder, { recursive: true });
  }

  /** Adds a server that is about to start: what its program needs for that. */
  plug(
    server: ServerStart,
  ): Pick<Program, "env" | "events" | "asked" | "namespace"> {
    const { name, port } = server;
    const { isolation, ports } = this.#options;
    // A folder for each start: what is left of the one before is not in it.
    const folder = `${this.#options.folder}/${name}.${++this.#starts}`;
    Deno.mkdirSync(folder);
    const asked = ports[name] ?? this.#plugs.get(name)?.asked;
    const plug = { server, folder, asked, isUp: false };
    this.#plugs.set(name, plug);
    this.#write(plug);
    const shim = new URL(import.meta.resolve("./shim/")).pathname;
    const isShimmed = isolation === "shim";
    return {
      events: `${folder}/events`,
      ...ports[name] !== undefined && { asked: ports[name] },
      ...!isShimmed && { namespace: { map: `${folder}/map.json`, port } },
      env: {
        ...isShimmed ? { HERD_SHIM: folder } : { HERD_MEND: "1" },
        PYTHONPATH: shim,
        // The shim's folder stays as it is.
        PYTHONDONTWRITEBYTECODE: "1",
        // What is buffered would be lost by a kill.
        PYTHONUNBUFFERED: "1",
        ...isShimmed && { NODE_OPTIONS: `--require "${shim}require.cjs"` },
      },
    };
  }

  /** A server listens, and named this port for it. */
  listens(name: string, asked: number): void {
    Object.assign(this.#plugs.get(name)!, { asked, isUp: true });
    this.#writeAll();
  }

  /** A server is gone. */
  isDown(name: string): void {
    const plug = this.#plugs.get(name);
    if (!plug?.isUp) return;
    plug.isUp = false;
    this.#writeAll();
  }

  /** The port that a server named for itself, once that was seen. */
  askedPort(name: string): number | undefined {
    return this.#plugs.get(name)?.asked;
  }

  /** Whether the server that was given this port listens. */
  isUp(port: number): boolean {
    return [...this.#plugs.values()].some(({ isUp, server }) =>
      isUp && server.port === port
    );
  }

  /** Whether an address is that of a server, be it up or down. */
  isServer(host: string, port: number): boolean {
    const isLocal = /^(localhost|127\..*|::1|::ffff:127\..*)?$/.test(host);
    return isLocal &&
      [...this.#plugs.values()].some(({ asked, server }) =>
        asked === port ||
        server.neighbours.some((neighbour) => neighbour.port === port)
      );
  }

  /** Whether the hosts are there that servers may ask. */
  setHosts(areThere: boolean): void {
    this.#hasHosts = areThere;
    this.#writeAll();
  }

  /** Dials are refused on these ways, `Alford>Parker`, and on no others. */
  refuse(ways: ReadonlySet<string>): void {
    this.#refused = ways;
    this.#writeAll();
  }

  #writeAll(): void {
    for (const plug of this.#plugs.values()) this.#write(plug);
    this.#options.onChange();
  }

  #write({ server, folder }: Plug): void {
    const connect: Record<number, number> = {};
    for (const [name, { asked, isUp, server: other }] of this.#plugs) {
      if (!isUp || asked === undefined || name === server.name) continue;
      if (this.#refused.has(`${server.name}>${name}`)) continue;
      const link = server.neighbours.find((it) => it.name === name) ?? other;
      connect[asked] = connect[link.port] = link.port;
    }
    const { name, port } = server;
    const { ports } = this.#options;
    const hosts = this.#hasHosts ? this.#options.hosts : {};
    const asked = ports[name];
    const text = JSON.stringify({ port, asked, connect, hosts });
    // Whoever reads it meanwhile reads all of the old one.
    Deno.writeTextFileSync(`${folder}/map.new`, text);
    Deno.renameSync(`${folder}/map.new`, `${folder}/map.json`);
  }
}
