/**
 * Faults of a hub that the workbench runs: its servers die, lose their data, or
 * can't be reached.
 *
 * @module
 */
import { hubServerName } from "../../model/steps/hub_fault.ts";
import type { ServerList } from "../../model/topology/topology.ts";
import type { RunningHub } from "../../worlds/hub.ts";
import type { HerdHub } from "../hub/herd_hub.ts";
import type { FaultBook, FaultHandle, FaultOptions } from "./fault_book.ts";

type Options = Omit<FaultOptions, "mode">;

/** Faults of the hub's servers. */
export type HubFaultKind = "hub_kill" | "hub_wipe";

/**
 * A fault of a hub. Its targets are servers of the hub, or gateways for
 * `hub_cut`.
 */
export interface HubFault {
  readonly kind: HubFaultKind | "hub_cut";
  readonly targets: ServerList;
}

/** Begins and heals these faults. */
export class HubFaults {
  readonly #book: FaultBook;
  readonly #hub: HerdHub | undefined;

  constructor(book: FaultBook, hub: HerdHub | undefined) {
    this.#book = book;
    this.#hub = hub;
  }

  /** @throws {Error} If there is no hub, or it is not the workbench's. */
  get hub(): RunningHub {
    const running = this.#hub?.running;
    if (running !== undefined) return running;
    throw new Error("Cannot break the hub: the workbench runs none");
  }

  begin(
    { kind, targets }: HubFault,
    options?: Options,
  ): Promise<FaultHandle> {
    return kind === "hub_cut"
      ? this.cut(targets, options)
      : this.down(kind, targets, options);
  }

  /**
   * Kills servers of the hub; healing starts those that are down.
   *
   * @param targets Names such as `hub-1`; `leader`, or `all` that run.
   * @throws {Error} If one does not exist, or does not run.
   */
  async down(
    fault: HubFaultKind,
    targets: ServerList,
    options: Options = {},
  ): Promise<FaultHandle> {
    const { hub } = this;
    const servers = await this.#serversOf(targets);
    const identity = this.#book.identify(fault, options);
    const names = servers.map(hubServerName);
    const numberOf = (name: string) => servers[names.indexOf(name)]!;
    const entry = this.#book.begin({
      ...identity,
      targets: names,
      touched: servers.length,
      takeBack: (spots) => hub.revive(spots.map(numberOf)),
    });
    await hub.kill(servers);
    if (fault === "hub_wipe") await hub.wipe(servers);
    return this.#book.handle(entry, options);
  }

  async #serversOf(targets: ServerList): Promise<number[]> {
    const { hub } = this;
    const up = hub.up();
    const lists = await Promise.all(targets.map(async (target) => {
      if (target === "all") return up;
      if (target === "leader") {
        const leader = await hub.leader();
        if (leader === undefined) throw new Error("The hub has no leader");
        return [leader];
      }
      const server = hub.servers.find((it) => hubServerName(it) === target);
      if (server === undefined) throw new Error(`The hub has no ${target}`);
      if (!up.includes(server)) throw new Error(`${target} does not run`);
      return [server];
    }));
    return [...new Set(lists.flat())];
  }

  /**
   * Cuts gateways off from the hub.
   *
   * @param targets Servers; those that are gateways are cut. `all` for all
   * gateways.
   * @throws {Error} If none of them is a gateway.
   */
  cut(targets: ServerList, options: Options = {}): Promise<FaultHandle> {
    const { hub } = this;
    const all = this.#hub?.gateways ?? [];
    const gateways = all.filter((name) =>
      targets.includes("all") || targets.includes(name)
    );
    if (gateways.length === 0) {
      throw new Error(`No gateway to the hub among ${targets.join(", ")}`);
    }
    const identity = this.#book.identify("hub_cut", options);
    hub.cut(gateways);
    const entry = this.#book.begin({
      ...identity,
      targets: gateways,
      touched: gateways.length,
      takeBack: (spots) => {
        // Others may have cut them off too.
        hub.heal(spots.filter((name) => !this.#isCut(name)));
        return Promise.resolve();
      },
    });
    return Promise.resolve(this.#book.handle(entry, options));
  }

  #isCut(gateway: string): boolean {
    return this.#book.active.some(({ fault, left }) =>
      fault === "hub_cut" && left.has(gateway)
    );
  }
}
