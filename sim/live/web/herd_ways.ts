/**
 * All requests to a herd, independent of the transport.
 *
 * @module
 */
import type { WorldName } from "../../model/world_name.ts";
import { Commands } from "../commands/commands.ts";
import { Acknowledged } from "./acknowledged.ts";
import { clientHandlers } from "./client_handlers.ts";
import { drillHandlers } from "./drill_handlers.ts";
import { DrillRuns } from "./drill_runs.ts";
import { faultHandlers } from "./fault_handlers.ts";
import { type AskedHerd, herdHandlers } from "./herd_handlers.ts";
import { HerdWatch } from "./herd_watch.ts";
import type { Handlers } from "./router.ts";

interface OpenWaysOptions extends AskedHerd {
  /** The world of drills; by default the one their files ask for. */
  readonly drillWorld?: WorldName;
}

/** The handlers and watchers of a herd, until they are stopped. */
export class OpenWays {
  readonly handlers: Handlers;
  /** The watchers of the herd. */
  readonly watch: HerdWatch;
  readonly #acknowledged: Acknowledged;
  readonly #runs: DrillRuns;

  constructor({ drillWorld, ...asked }: OpenWaysOptions) {
    const { herd } = asked;
    const commands = new Commands(herd);
    this.watch = new HerdWatch(herd);
    this.#acknowledged = new Acknowledged(herd);
    this.#runs = new DrillRuns(herd.platform);
    this.handlers = {
      ...herdHandlers({ ...asked, commands, watch: this.watch }),
      ...faultHandlers(herd, commands),
      ...clientHandlers(herd, this.#acknowledged),
      ...drillHandlers(this.#runs, drillWorld),
    };
  }

  /** Disconnects watchers. */
  stop(): void {
    this.#acknowledged[Symbol.dispose]();
    this.watch.stop();
  }

  /** Interrupts the drills under way. */
  async end(): Promise<void> {
    await this.#runs.stop();
  }
}
