/**
 * All ways into a herd, whatever carries the requests.
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

/** What ways are opened into. */
export interface OpenWaysOptions {
  /** The herd. */
  readonly herd: Herd;
  /** What can be done to it. */
  readonly commands: Commands;
  /** Somebody wants the herd to stop; without it nobody can. */
  readonly onQuit?: () => void;
  /** The world of drills, whatever their files say; those by default. */
  readonly drillWorld?: WorldName;
}

/** The ways into a herd, until they are closed. */
export class OpenWays {
  /** Carry out what is asked for. */
  readonly handlers: Handlers;
  /** Who watches the herd. */
  readonly watch: HerdWatch;
  readonly #acknowledged: Acknowledged;
  readonly #runs: DrillRuns;

  /** Opens them. */
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

  /** Watches no more. */
  stop(): void {
    this.#acknowledged[Symbol.dispose]();
    this.watch.stop();
  }

  /** Ends the drills that run. */
  async end(): Promise<void> {
    await this.#runs.stop();
  }
}
