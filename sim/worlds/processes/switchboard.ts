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
import type { Hosts } from "./hosts.ts";
import type { Rewriting } from "./rewriting.ts";
import type { ServerStart } from "../world.ts";

const LOOPBACK = "127.0.0.1";
const SHIM = new URL(import.meta.resolve("./shim/")).pathname;

const PYTHON_ENV = {
  PYTHONPATH: SHIM,
  // The shim's folder stays as it is.
  PYTHONDONTWRITEBYTECODE: "1",
  // What is buffered would be lost by a kill.
  PYTHONUNBUFFERED: "1",
};

/** With it a program runs as it is, but that an old one is helped along. */
export const UNSHIMMED_ENV: Readonly<Record<string, string>> = {
  ...PYTHON_ENV,
  HERD_MEND: "1",
};

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
  /** What stands in servers' copies, where ports are rewritten. */
  readonly rewriting: Rewriting | undefined;
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
  ): Pick<Program, "env" | "events" | "asked" | "ways"> {
    const { name, port } = server;
    const { isolation, ports, rewriting } = this.#options;
    // A folder for each start: what is left of the one before is not in it.
    const folder = `${this.#options.folder}/${name}.${++this.#starts}`;
    Deno.mkdirSync(folder);
    const told = ports[name];
    const asked = told ?? this.#plugs.get(name)?.asked;
    const plug = { server, folder, asked, isUp: false };
    this.#plugs.set(name, plug);
    this.#write(plug);
    const isShimmed = isolation === "shim";
    return {
      events: `${folder}/events`,
      ...told !== undefined && {
        asked: rewriting?.standsFor(name, told) ?? told,
      },
      ...!isShimmed && {
        ways: {
          map: `${folder}/map.json`,
          port,
          areInside: isolation === "netns",
        },
      },
      env: isShimmed
        ? {
          ...PYTHON_ENV,
          HERD_SHIM: folder,
          NODE_OPTIONS: `--require "${SHIM}require.cjs"`,
        }
        : UNSHIMMED_ENV,
    };
  }

  /** A server listens, and named this port for it. */
  listens(name: string, asked: number): void {
    Object.assign(this.#plugs.get(name)!, { asked, isUp: true });
    this.#writeAll();
  }

  /**
   * The port that a server means when it opens one; `undefined` if it is one that
   * should have been rewritten.
   */
  meant(name: string, port: number): number | undefined {
    const { rewriting } = this.#options;
    return rewriting ? rewriting.meantBy(name, port) : port;
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
    const { name, port } = server;
    const { ports, rewriting } = this.#options;
    const connect: Record<number, number> = {};
    for (const [other, { asked, isUp, server: its }] of this.#plugs) {
      if (!isUp || asked === undefined || other === name) continue;
      if (this.#refused.has(`${name}>${other}`)) continue;
      const link = server.neighbours.find((it) => it.name === other) ?? its;
      connect[rewriting?.standsFor(name, asked) ?? asked] = link.port;
      // In its copy no other port is one of a neighbour.
      if (!rewriting) connect[link.port] = link.port;
    }
    const all = rewriting
      ? { [LOOPBACK]: rewriting.hostsOf(name) }
      : this.#options.hosts;
    const text = JSON.stringify({
      port,
      asked: ports[name],
      connect,
      hosts: this.#hasHosts ? all : {},
      secret: rewriting?.all,
    });
    // Whoever reads it meanwhile reads all of the old one.
    Deno.writeTextFileSync(`${folder}/map.new`, text);
    Deno.renameSync(`${folder}/map.new`, `${folder}/map.json`);
  }
}
