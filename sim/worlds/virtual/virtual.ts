/**
 * The virtual world: the same servers in one thread, with a simulated network
 * and time. All random choices come from the seed, so the same seed gives the
 * same run, to the byte.
 *
 * @module
 */
import { Random } from "../../model/random.ts";
import { ALL_SIGHTS, type Sight } from "../../model/sight.ts";
import type { Host } from "../host.ts";
import type {
  ServerHandle,
  ServerStart,
  ServerWatcher,
  World,
} from "../world.ts";
import type { Pace } from "./pace.ts";
import { VirtualDatagrams } from "./virtual_datagrams.ts";
import { VirtualDisks } from "./virtual_disk.ts";
import { VirtualHub } from "./virtual_hub.ts";
import { VirtualMachine } from "./virtual_machine.ts";
import { VirtualNetwork } from "./virtual_network.ts";
import { VirtualServer } from "./virtual_server.ts";
import { virtualSockets } from "./virtual_sockets.ts";
import { VirtualTime } from "./virtual_time.ts";

/** One virtual world, for one herd; its time begins with it. */
export class VirtualWorld implements World {
  readonly name = "virtual";
  readonly sees: ReadonlySet<Sight> = new Set(ALL_SIGHTS);
  readonly takesOrders = true;
  readonly host: Host;
  readonly #seed: number;
  readonly #time: VirtualTime;
  readonly #network: VirtualNetwork;
  readonly #random: Random;
  readonly #disks: VirtualDisks;
  #lives = 0;
  #hub: VirtualHub | undefined;

  /**
   * @param seed Decides everything that happens.
   * @param pace How fast time passes; by default as fast as possible.
   */
  constructor(seed: number, pace?: Pace) {
    this.#seed = seed;
    this.#time = new VirtualTime(pace);
    this.#random = new Random(seed, "threads");
    this.#disks = new VirtualDisks(
      new Random(seed, "disks"),
      new Random(seed, "names"),
    );
    const time = this.#time;
    const network = new VirtualNetwork(
      time,
      new Random(seed, "network"),
      new VirtualDatagrams(time, new Random(seed, "datagrams")),
    );
    this.#network = network;
    const machine = this.#machine("host");
    this.host = {
      platform: machine.platform,
      sockets: virtualSockets(machine, network),
      serveWeb: (answer) => network.serveWeb(answer),
      interject: (ms, act) => void time.after(ms, act),
      outside: (work) => time.outside(work),
    };
  }

  #machine(name: string): VirtualMachine {
    const random = new Random(this.#seed, `machine ${name}`);
    return new VirtualMachine(
      this.#time,
      this.#network,
      random,
      this.#disks,
      (machine) => this.#hub?.openFor(machine),
    );
  }

  wipe({ dataDir }: ServerStart): Promise<void> {
    if (dataDir !== undefined) this.#disks.wipe(dataDir);
    return Promise.resolve();
  }

  startHub(servers: number): VirtualHub {
    const random = new Random(this.#seed, "hub");
    return this.#hub = new VirtualHub(this.#time, random, servers);
  }

  start(server: ServerStart, watcher: ServerWatcher): ServerHandle {
    const machine = this.#machine(`${server.name} ${++this.#lives}`);
    return new VirtualServer(server, watcher, machine, this.#random);
  }
}
