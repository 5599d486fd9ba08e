/**
 * A world runs servers: it starts them, and returns handles to control them.
 *
 * Supervisor, faults, drills, console and page use this interface, and nothing
 * behind it. A world may observe little of its servers; what needs more is left
 * out, and says so.
 *
 * @module
 */
import type { DiskTrouble } from "../model/faults/disk_trouble.ts";
import type { Durability } from "../../herd/core/durability.ts";
import type { DisseminationMode } from "../../herd/core/dissemination/dissemination.ts";
import type { Limits } from "../../herd/core/limits.ts";
import { HUB } from "../../herd/core/hub/name.ts";
import type { PlantedBug } from "../../herd/core/planted_bug.ts";
import type { Tuning } from "../../herd/core/tuning.ts";
import type { ServerEvent } from "../../herd/core/server_event.ts";
import type { HubOptions } from "../../herd/net/hub/hub.ts";
import type { LogOptions } from "../../herd/net/log_file.ts";
import type { Neighbour } from "../../herd/net/neighbour.ts";
import type { PlacesOptions } from "../../herd/net/places/lookup.ts";
import type {
  Address,
  Clock,
  Connection,
  Platform,
} from "../../herd/net/platform.ts";
import type { Ways } from "../../herd/net/ways/ways.ts";
import type { Skew } from "../model/faults/skew.ts";
import type { Sight } from "../model/sight.ts";
import type { TraceMemory } from "../model/trace.ts";
import { type Ask, NoAnswer } from "./ask.ts";
import type { Host } from "./host.ts";
import type { RunningHub } from "./hub.ts";
import type { Machines } from "./machines.ts";
import type { Answers, Question } from "./questions.ts";

/** The options with which a server is started. */
export interface ServerStart {
  /** Unique in its herd. */
  readonly name: string;
  /** The address it listens on. */
  readonly hostname: string;
  /** The port it listens on. */
  readonly port: number;
  /** Its further ways in for clients, besides TCP. */
  readonly ways?: Ways;
  /** Its neighbours, with the addresses at which it dials them. */
  readonly neighbours: readonly Neighbour[];
  /** The herd's secret, in hex. */
  readonly secret: string;
  /** Limits that differ from the defaults. */
  readonly limits?: Partial<Limits>;
  /** The places service; without one a WHATSAT finds no places. */
  readonly places?: PlacesOptions;
  /** How it logs; by default it does not. */
  readonly log?: Omit<LogOptions, "clock" | "server">;
  /**
   * Its own folder for what it acknowledges; by default it keeps nothing on
   * disk.
   */
  readonly dataDir?: string;
  /** What an acknowledged fix outlasts; with a folder `disk` by default. */
  readonly durable?: Durability;
  /** The hub to which it is a gateway, if it is one. */
  readonly hub?: HubOptions;
  /** How updates are disseminated; `flood` by default. */
  readonly mode?: DisseminationMode;
  /** Whether queued echoes are cancelled. */
  readonly echoCancellation?: boolean;
  /** How its clock is wrong; right by default. */
  readonly skew?: Skew;
  /** Tuning constants that differ from the defaults. */
  readonly tuning?: Partial<Tuning>;
  /** How its disk fails; not at all by default. */
  readonly trouble?: DiskTrouble;
  /** A bug that is planted on purpose. */
  readonly plantedBug?: PlantedBug;
  /** Whether its connections and deliveries are recorded. */
  readonly trace?: boolean;
}

/**
 * The peers whose lines a server records, in the order of their indexes in its
 * trace.
 */
export function tracedPeers(
  { neighbours, hub }: Pick<ServerStart, "neighbours" | "hub">,
): string[] {
  const names = neighbours.map(({ name }) => name);
  return hub === undefined ? names : [...names, HUB];
}

/** What is reported of a server that was started. */
export type ServerReport =
  /** It listens. */
  | { readonly kind: "listening" }
  /** It can't start. */
  | {
    readonly kind: "start-failed";
    readonly portInUse: boolean;
    readonly why: string;
  }
  /** It has stopped in good order, as ordered. */
  | { readonly kind: "stopped" }
  /** It has ended without an order. */
  | { readonly kind: "crashed"; readonly why: string }
  /** An event in it, from worlds that observe links. */
  | {
    readonly kind: "event";
    /** Milliseconds since the epoch, with fractions. */
    readonly atMs: number;
    readonly event: ServerEvent;
  };

/** Receives the reports of a server. */
export interface ServerWatcher {
  /** The clock for times in reports. */
  readonly clock: Clock;
  /** Called with each report, until the server is killed. */
  readonly onReport: (report: ServerReport) => void;
}

/** Controls a server that was started. */
export interface ServerHandle {
  /** Its trace, if it records one; see `readTrace`. It outlives the server. */
  readonly trace?: TraceMemory;
  /** Asks it; absent where servers can't be observed from inside. */
  readonly ask?: Ask<Question, Answers>;
  /**
   * Requests a sign of life, and returns how many requests have been made since
   * the last sign; 0 where its end would be reported in any case.
   *
   * Requests are counted, not milliseconds: so a main thread that was itself
   * delayed does not find every server deaf.
   */
  heartbeat(): number;
  /**
   * While it does not listen: what is known of the reason, to continue a
   * sentence.
   */
  unready?(): string;
  /** Ends it at once, even while it is paused. Nothing is reported any more. */
  kill(): void;
  /**
   * Pauses it: its sockets stay open, but it does not read them.
   *
   * @throws {NoAnswer} If it ends in the meantime, or does not confirm in time.
   */
  pause(deadlineMs: number): Promise<void>;
  /** Ends a pause. */
  resume(): void;
  /** Has it stop in good order; it reports `stopped`. */
  stop(): void;
  /** Makes it die of an uncaught error. */
  crash(why: string): void;
}

/** What a server has sent to others. */
export interface Sent {
  /** Chunks, as they were read. */
  readonly chunks: number;
  /** Connections that it has opened. */
  readonly connections: number;
}

/** Runs servers. */
export interface World {
  /** What its servers are called, as in "servers in threads". */
  readonly name: string;
  /** What can be observed of its servers, besides whether they run. */
  readonly sees: ReadonlySet<Sight>;
  /**
   * Whether its servers answer questions and take orders while they run, such
   * as to dial a neighbour elsewhere, or to set their clocks. Where they do
   * not, each link has proxies from the start.
   */
  readonly takesOrders: boolean;
  /**
   * Kinds of faults that are impossible with its servers, with the reasons;
   * absent where all are possible.
   */
  readonly cannot?: ReadonlyMap<string, string>;
  /**
   * Whether a server gets what it missed while it was down or unreachable; true
   * by default. Otherwise no drill may expect it.
   */
  readonly catchesUp?: boolean;
  /**
   * Whether, of two fixes with equal times, its servers take the one whose line
   * is greater by its bytes; true by default. Otherwise no drill may expect
   * either.
   */
  readonly ordersTies?: boolean;
  /**
   * Where the servers' surroundings run; absent where those have threads of
   * their own, on the real machine.
   */
  readonly host?: Host;
  /** The machines of its servers; absent where that is this one. */
  readonly machines?: Machines | undefined;
  /**
   * Removes what a server that has ended keeps on disk; absent where that is
   * not known.
   */
  wipe?(server: ServerStart): Promise<void>;
  /**
   * Refuses dials in these directions between servers, such as `Alford>Parker`,
   * and in no others; absent where it is enough that a proxy does not listen.
   */
  refuse?(ways: ReadonlySet<string>): void;
  /**
   * Reports from time to time what a server has sent to others since the last
   * call; absent where servers report it themselves.
   */
  passed?(server: string, sent: Sent): void;
  /** Runs a hub of so many servers; absent where that is the real one. */
  startHub?(servers: number): RunningHub;
  /**
   * Prepares for the servers of a herd, before the first of them is started.
   *
   * @throws {RangeError} If they can't be started; the error says why.
   */
  prepare?(servers: readonly ServerStart[]): Promise<void>;
  /** Starts a server. The outcome is reported to the watcher. */
  start(server: ServerStart, watcher: ServerWatcher): ServerHandle;
  /**
   * Connects a client to a server at an address; absent where servers speak the
   * protocol themselves, so that clients connect directly.
   *
   * @throws {Deno.errors.ConnectionRefused} If it does not listen.
   */
  connect?(address: Address, platform: Platform): Promise<Connection>;
}

/**
 * Starts a server; returns why it could not be started, if so: the system may
 * have no room for another process.
 */
export function startIn(
  world: World,
  server: ServerStart,
  watcher: ServerWatcher,
): ServerHandle | Error {
  try {
    return world.start(server, watcher);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** A question was not answered because the server ended. */
export class ServerEnded extends NoAnswer {
  override readonly name = "ServerEnded";

  readonly server: string;

  constructor(server: string, why = "ended before it answered") {
    super(`${server} ${why}`);
    this.server = server;
  }
}
