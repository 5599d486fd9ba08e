/**
 * What runs servers: a world starts one, and gives back what can be done to it.
 *
 * Supervisor, faults, drills, console and page speak to this, and to nothing
 * behind it. A world may see little of its servers: then what needs more is
 * left out, and says so.
 *
 * @module
 */
import type { DiskTrouble } from "../model/faults/disk_trouble.ts";
import type { Durability } from "../../herd/core/durability.ts";
import type { DisseminationMode } from "../../herd/core/dissemination/dissemination.ts";
import type { Limits } from "../../herd/core/limits.ts";
import { HUB } from "../../herd/core/hub/outbox.ts";
import type { PlantedBug } from "../../herd/core/planted_bug.ts";
import type { Tuning } from "../../herd/core/tuning.ts";
import type { ServerEvent } from "../../herd/core/server_event.ts";
import type { HubOptions } from "../../herd/net/hub/hub.ts";
import type { LogOptions } from "../../herd/net/log.ts";
import type { Neighbour } from "../../herd/net/peers_options.ts";
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

/** What a server is started with. */
export interface ServerStart {
  /** The server's name. */
  readonly name: string;
  /** The address it listens on. */
  readonly hostname: string;
  /** The port it listens on. */
  readonly port: number;
  /** Where clients come in beside that. */
  readonly ways?: Ways;
  /** The servers it is linked to, and where it is to dial them. */
  readonly neighbours: readonly Neighbour[];
  /** The herd's secret, in hex. */
  readonly secret: string;
  /** What it allows at most, where that is not the default. */
  readonly limits?: Partial<Limits>;
  /** Who answers what is around a client. */
  readonly places?: PlacesOptions;
  /** Where it logs; no log without it. */
  readonly log?: Omit<LogOptions, "clock" | "server">;
  /** A folder of its own where it keeps what it acknowledges; none by default. */
  readonly dataDir?: string;
  /** What an acknowledged fix outlasts; by default `disk` with a folder. */
  readonly durable?: Durability;
  /** The hub that it is a gateway to, if it is one. */
  readonly hub?: HubOptions;
  /** How updates get from server to server; `flood` by default. */
  readonly mode?: DisseminationMode;
  /** Whether queued echoes are cancelled. */
  readonly echoCancellation?: boolean;
  /** How its clock goes; right by default. */
  readonly skew?: Skew;
  /** Constants that decide which code runs, where they are not the usual ones. */
  readonly tuning?: Partial<Tuning>;
  /** What is wrong with its disk; nothing by default. */
  readonly trouble?: DiskTrouble;
  /** A bug that is planted on purpose. */
  readonly plantedBug?: PlantedBug;
  /** Whether what passes through it is recorded. */
  readonly trace?: boolean;
}

/** Whose lines a server records, in the order by which its records name them. */
export function tracedPeers(
  { neighbours, hub }: Pick<ServerStart, "neighbours" | "hub">,
): string[] {
  const names = neighbours.map(({ name }) => name);
  return hub === undefined ? names : [...names, HUB];
}

/** What is told of a server that was started. */
export type ServerReport =
  /** It listens. */
  | { readonly kind: "listening" }
  /** It can't start. */
  | {
    readonly kind: "start-failed";
    readonly portInUse: boolean;
    readonly why: string;
  }
  /** It has stopped in good order, as it was told to. */
  | { readonly kind: "stopped" }
  /** It has ended, and nobody had told it to. */
  | { readonly kind: "crashed"; readonly why: string }
  /** Something happened in it; told by worlds that see links. */
  | {
    readonly kind: "event";
    /** Milliseconds since the epoch, with fractions. */
    readonly atMs: number;
    readonly event: ServerEvent;
  };

/** Who watches a server that was started. */
export interface ServerWatcher {
  /** What tells the time. */
  readonly clock: Clock;
  /** Hears what is told of it, until it is killed. */
  readonly onReport: (report: ServerReport) => void;
}

/** A server that was started, and what can be done to it. */
export interface ServerHandle {
  /** What it records into, if it does; see `readTrace`. It outlives the server. */
  readonly trace?: TraceMemory;
  /** Asks it; left out where nobody can look inside. */
  readonly ask?: Ask<Question, Answers>;
  /**
   * Asks for a sign of life, and tells how many times it was asked for one since
   * the last; 0 where its end would be reported in any case.
   *
   * Requests are counted rather than milliseconds, so that a main thread that was
   * itself held up does not find every server deaf.
   */
  heartbeat(): number;
  /** While it does not listen: what is known of it, to go on a sentence. */
  unready?(): string;
  /** Ends it at once, also while it is paused. Nothing is reported any more. */
  kill(): void;
  /**
   * Freezes it: its sockets stay open, and nobody reads them.
   *
   * @throws {NoAnswer} If it ends meanwhile, or does not heed it in time.
   */
  pause(deadlineMs: number): Promise<void>;
  /** Wakes it. */
  resume(): void;
  /** Has it stop in good order; it reports when it did. */
  stop(): void;
  /** Has it die of an error that nothing catches. */
  crash(why: string): void;
}

/** What a server has sent to others. */
export interface Sent {
  /** Chunks, as they were read. */
  readonly chunks: number;
  /** Connections that it has opened. */
  readonly connections: number;
}

/** What runs servers. */
export interface World {
  /** What its servers are called, as in "servers in threads". */
  readonly name: string;
  /** What can be seen of its servers, beside whether they run. */
  readonly sees: ReadonlySet<Sight>;
  /**
   * Whether its servers answer questions and take orders while they run: to dial
   * a neighbour elsewhere, or to set their clocks. Where they do not, each link
   * has its proxies from the start.
   */
  readonly takesOrders: boolean;
  /**
   * Faults that can't be brought about with its servers, by the names of their
   * kinds, and why; left out where all can.
   */
  readonly cannot?: ReadonlyMap<string, string>;
  /**
   * Whether a server is told what it missed while it was down, or nobody could
   * reach it; by default it is. Where it is not, nobody may expect it to know.
   */
  readonly catchesUp?: boolean;
  /**
   * Whether its servers hold one of two fixes of equal times to be the newer, by
   * the bytes of their lines; by default they do. Where it is not known which one
   * they take, nobody may expect either.
   */
  readonly ordersTies?: boolean;
  /**
   * Where what stands around its servers runs; left out where that has threads
   * of its own, on the real machine.
   */
  readonly host?: Host;
  /** The machines that its servers are on; left out where that is this one. */
  readonly machines?: Machines | undefined;
  /**
   * Removes what a server that has ended keeps on disk; left out where nobody
   * knows what that is.
   */
  wipe?(server: ServerStart): Promise<void>;
  /**
   * Has dials be refused on these ways between servers, `Alford>Parker`, and on
   * no others; left out where it is enough that a proxy does not listen.
   */
  refuse?(ways: ReadonlySet<string>): void;
  /**
   * Hears now and then what a server has sent to others since: chunks, and
   * connections that it has opened; left out where servers tell it themselves.
   */
  passed?(server: string, sent: Sent): void;
  /** Runs a hub of so many servers; left out where that is the real one. */
  startHub?(servers: number): RunningHub;
  /**
   * Gets ready for the servers of a herd, before the first of them is started.
   *
   * @throws {RangeError} If they can't be started; the error says why.
   */
  prepare?(servers: readonly ServerStart[]): Promise<void>;
  /** Starts a server. How that comes out is reported. */
  start(server: ServerStart, watcher: ServerWatcher): ServerHandle;
  /**
   * Connects a client to a server at an address; left out where servers speak by
   * the protocol, so that they are connected to as they are.
   *
   * @throws {Deno.errors.ConnectionRefused} If it does not listen.
   */
  connect?(address: Address, platform: Platform): Promise<Connection>;
}

/** That a question found no answer because the server ended. */
export class ServerEnded extends NoAnswer {
  /** The class's name, as errors print it. */
  override readonly name = "ServerEnded";

  readonly server: string;

  /** The error of all that was asked of `server`. */
  constructor(server: string, why = "ended before it answered") {
    super(`${server} ${why}`);
    this.server = server;
  }
}
