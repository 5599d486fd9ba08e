/**
 * All requests to a herd, independent of the transport.
 *
 * @module
 */
import config from "../../../deno.json" with { type: "json" };
import type { WorldName } from "../../model/world_name.ts";
import type { Commands } from "../commands/commands.ts";
import type { Herd } from "../herd/herd.ts";
import { Acknowledged } from "./acknowledged.ts";
import { clientHandlers } from "./client_handlers.ts";
import { drillHandlers } from "./drill_handlers.ts";
import { DrillRuns } from "./drill_runs.ts";
import { faultHandlers } from "./fault_handlers.ts";
import { herdHandlers } from "./herd_handlers.ts";
import { HerdWatch } from "./herd_watch.ts";
import type { Handlers } from "./router.ts";

export interface OpenWaysOptions {
  readonly herd: Herd;
  readonly commands: Commands;
  /** Called to stop the herd; without it clients can't. */
  readonly onQuit?: () => void;
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

  constructor({ herd, commands, onQuit, drillWorld }: OpenWaysOptions) {
    this.watch = new HerdWatch(herd);
    this.#acknowledged = new Acknowledged(herd);
    this.#runs = new DrillRuns(herd.platform);
    this.handlers = {
      ...herdHandlers({
        herd,
        commands,
        watch: this.watch,
        startedMs: herd.platform.clock.nowMs(),
        version: config.version,
        ...onQuit && { onQuit },
      }),
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
