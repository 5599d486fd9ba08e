/**
 * The live page of a running herd, and its HTTP API.
 *
 * @module
 */
import config from "../../../deno.json" with { type: "json" };
import type { Commands } from "../commands/commands.ts";
import type { Herd } from "../herd/herd.ts";
import { Acknowledged } from "./acknowledged.ts";
import { clientHandlers } from "./client_handlers.ts";
import { drillHandlers } from "./drill_handlers.ts";
import { DrillRuns } from "./drill_runs.ts";
import { faultHandlers } from "./fault_handlers.ts";
import { herdHandlers } from "./herd_handlers.ts";
import { HerdWatch } from "./herd_watch.ts";
import { WebServer } from "./web_server.ts";

/** What is served, and where. */
export interface HerdPageOptions {
  /** The herd. */
  readonly herd: Herd;
  /** What can be done to it. */
  readonly commands: Commands;
  /** The port; 0 stands for a free one. */
  readonly port: number;
  /** Lets change things; a fresh one by default. */
  readonly token?: string;
  /** Somebody wants the herd to stop; without it nobody can. */
  readonly onQuit?: () => void;
}

/** What a page is made of. */
interface Parts {
  readonly web: WebServer;
  readonly watch: HerdWatch;
  readonly acknowledged: Acknowledged;
  readonly runs: DrillRuns;
}

/** The page of a herd, served until it is closed. */
export class HerdPage implements AsyncDisposable {
  readonly #parts: Parts;

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * Serves from now on.
   *
   * @throws {Error} If the port is taken.
   */
  static async open(options: HerdPageOptions): Promise<HerdPage> {
    const { herd, commands, port, token, onQuit } = options;
    const watch = new HerdWatch(herd);
    const startedMs = herd.platform.clock.nowMs();
    const { version } = config;
    const { platform } = herd;
    const acknowledged = new Acknowledged(herd);
    const runs = new DrillRuns(platform);
    const handlers = {
      ...herdHandlers({
        herd,
        commands,
        watch,
        startedMs,
        version,
        ...onQuit && { onQuit },
      }),
      ...faultHandlers(herd, commands),
      ...clientHandlers(herd, acknowledged),
      ...drillHandlers(runs),
    };
    const web = await WebServer.open({
      platform,
      port,
      handlers,
      ...token !== undefined && { token },
    });
    return new HerdPage({ web, watch, acknowledged, runs });
  }

  /** The address to open, with the token. */
  get address(): string {
    return this.#parts.web.page;
  }

  /** The port that it listens on. */
  get port(): number {
    return this.#parts.web.port;
  }

  /** Lets change things. */
  get token(): string {
    return this.#parts.web.token;
  }

  /** How many watch the herd. */
  get watchers(): number {
    return this.#parts.watch.size;
  }

  /** Serves no more, whoever watches, and ends the drills that run. */
  async close(): Promise<void> {
    const { web, watch, acknowledged, runs } = this.#parts;
    acknowledged[Symbol.dispose]();
    watch.stop();
    web.close();
    await runs.stop();
  }

  /** As {@linkcode HerdPage.close}. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
