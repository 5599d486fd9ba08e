/**
 * Who is reached by the addresses that servers name. A server that is down is
 * reached by none, so that a dial is refused as it would be without a proxy in
 * between.
 *
 * @module
 */
import type { Address } from "../../../herd/net/platform.ts";
import type { ServerStart } from "../world.ts";
import type { Routes } from "./programs.ts";
import type { Rewriting } from "./rewriting.ts";

/** One server's place in it. */
interface Plug {
  readonly server: ServerStart;
  /** The port that it means to listen on, once that was seen or if it was told. */
  asked: number | undefined;
  isUp: boolean;
}

/** What all servers have in common. */
export interface SwitchboardOptions {
  /** Ports that servers are known to mean. */
  readonly ports: Readonly<Record<string, number>>;
  /** What stands in servers' copies, where ports are rewritten. */
  readonly rewriting: Rewriting | undefined;
  /** Whether a server reaches its neighbours only, for others are elsewhere. */
  readonly areApart: boolean;
  /** What servers reach has changed. */
  readonly onChange: () => void;
}

/** What all servers reach. */
export class Switchboard {
  readonly #options: SwitchboardOptions;
  readonly #plugs = new Map<string, Plug>();
  #hasHosts = true;
  #refused: ReadonlySet<string> = new Set();

  /** There is no server yet. */
  constructor(options: SwitchboardOptions) {
    this.#options = options;
  }

  /** Adds a server that is about to start. */
  plug(server: ServerStart): void {
    const { name } = server;
    const asked = this.#options.ports[name] ?? this.#plugs.get(name)?.asked;
    this.#plugs.set(name, { server, asked, isUp: false });
  }

  /** A server listens, and named this port for it. */
  listens(name: string, asked: number): void {
    Object.assign(this.#plugs.get(name)!, { asked, isUp: true });
    this.#options.onChange();
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
    this.#options.onChange();
  }

  /** The port that a server named for itself, once that was seen. */
  askedPort(name: string): number | undefined {
    return this.#plugs.get(name)?.asked;
  }

  /** Whether the server at an address listens. */
  isUp({ hostname, port }: Address): boolean {
    return [...this.#plugs.values()].some(({ isUp, server }) =>
      isUp && server.port === port && server.hostname === hostname
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
    this.#options.onChange();
  }

  /** Dials are refused on these ways, `Alford>Parker`, and on no others. */
  refuse(ways: ReadonlySet<string>): void {
    this.#refused = ways;
    this.#options.onChange();
  }

  /** What a server reaches. */
  routesOf(name: string): Routes {
    const { server } = this.#plugs.get(name)!;
    const { ports, rewriting, areApart } = this.#options;
    const connect: Record<string, number> = {};
    for (const [other, { asked, isUp, server: its }] of this.#plugs) {
      if (!isUp || asked === undefined || other === name) continue;
      if (this.#refused.has(`${name}>${other}`)) continue;
      const neighbour = server.neighbours.find((it) => it.name === other);
      if (neighbour === undefined && areApart) continue;
      const { port } = neighbour ?? its;
      connect[rewriting?.standsFor(name, asked) ?? asked] = port;
    }
    const told = ports[name];
    return {
      port: server.port,
      ...told !== undefined && {
        asked: rewriting?.standsFor(name, told) ?? told,
      },
      connect,
      hasHosts: this.#hasHosts,
    };
  }
}
