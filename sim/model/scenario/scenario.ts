/**
 * A scenario: what a drill does, step by step, and what must then hold.
 *
 * These are the types of a plan that has been read and checked;
 * `schema.ts` says how each is written in YAML.
 *
 * @module
 */
import type { DisseminationMode } from "../../../herd/core/dissemination/dissemination.ts";
import type { Limits } from "../../../herd/core/limits.ts";
import type { PlacedCheck } from "../checks/assess.ts";
import type { GreedyLines } from "../faults/greedy.ts";
import type { Place } from "../problem.ts";
import type { RestartRules } from "../restart.ts";
import type { Standing } from "../standing.ts";
import type { ServerList } from "../topology/topology.ts";
import type {
  ChurnStep,
  ClockSkewStep,
  FaultStep,
  HealStep,
  LinkFaultStep,
  NemesisStep,
  PartitionStep,
  PlacesStep,
  RandomStep,
  ResetStep,
} from "./fault_types.ts";

/** A client sends its position to one server and gets an acknowledgement. */
export interface IamatStep {
  /** Which step it is. */
  readonly kind: "iamat";
  /** The client's ID. */
  readonly client: string;
  /** `+34.068930-118.445127`. */
  readonly position: string;
  /** The server, by name. */
  readonly to: string;
  /** POSIX seconds; the moment of sending by default. */
  readonly time?: string;
  /** How long the acknowledgement may take. */
  readonly withinMs: number;
  /** Whether it is no failure that there is no answer. */
  readonly mayFail?: true;
}

/** What the answer to a WHATSAT must be. */
export interface AnswerExpected {
  /** It must be `? ` and the line: the server does not know the client. */
  readonly unknown?: true;
  /** At least this many places. */
  readonly places?: number;
  /** At most this many places. */
  readonly atMost?: number;
  /** The status of the places: `OK`, `ZERO_RESULTS`. */
  readonly status?: string;
  /** The server that heard the client. */
  readonly server?: string;
  /** The client's position. */
  readonly position?: string;
}

/** A client asks a server where another client is, and what is around it. */
export interface WhatsatStep {
  /** Which step it is. */
  readonly kind: "whatsat";
  /** The client's ID. */
  readonly client: string;
  /** Decimal text, 0 to 50. */
  readonly radius: string;
  /** Places at most, 0 to 20. */
  readonly items: number;
  /** The server, by name. */
  readonly to: string;
  /** An AT line and its places by default. */
  readonly expect?: AnswerExpected;
  /** How long it may take. */
  readonly withinMs: number;
  /** Whether it is no failure that there is no answer. */
  readonly mayFail?: true;
}

/** A raw line goes to a server. */
export interface SendStep {
  /** Which step it is. */
  readonly kind: "send";
  /** The line, without its end. */
  readonly line: string;
  /** The server, by name. */
  readonly to: string;
  /** The reply must be this. */
  readonly reply?: string;
  /** The reply must match this regular expression. */
  readonly matches?: string;
  /** How long it may take. */
  readonly withinMs: number;
  /** Whether it is no failure that there is no answer. */
  readonly mayFail?: true;
}

/** A client's newest acknowledged fix must be, or must not be, on servers. */
export interface ExpectFixStep {
  /** Which step it is. */
  readonly kind: "expect-fix";
  /** The client's ID. */
  readonly client: string;
  /** The fix must be this one; else whichever is newest. */
  readonly position?: string;
  /** Whether a newer fix in its place does not do. */
  readonly isExact?: true;
  /** Servers that must hold it `withinMs`. */
  readonly on: ServerList;
  /** How long it may take. */
  readonly withinMs: number;
  /** Servers that must not get it `forMs`. */
  readonly never: ServerList;
  /** How long they are watched. */
  readonly forMs: number;
}

/** Servers must hold a client's newest acknowledged fix all the while. */
export interface ExpectAlwaysStep {
  /** Which step it is. */
  readonly kind: "expect-always";
  /** The client's ID. */
  readonly client: string;
  /** The fix must be this one; else whichever is newest at the beginning. */
  readonly position?: string;
  /** Whether a newer fix in its place does not do. */
  readonly isExact?: true;
  /** The servers. */
  readonly on: ServerList;
  /** How long they are watched. */
  readonly forMs: number;
}

/** Servers must come to hold equal records, and no acknowledged fix be lost. */
export interface ExpectConvergedStep {
  /** Which step it is. */
  readonly kind: "expect-converged";
  /** Which servers. */
  readonly servers: ServerList;
  /** How long it may take. */
  readonly withinMs: number;
  /** Lost or stale clients that are borne. Counted if all servers converge. */
  readonly lost: number;
  /**
   * A fix that was acknowledged at most so long before its server was killed,
   * and is on no server, died with that server: it is reported apart.
   */
  readonly killedWithinMs: number;
}

/**
 * Servers must come to stand in a certain way, all of it at the same moment;
 * what is not told may be as it likes.
 */
export interface ExpectServersStep {
  /** Which step it is. */
  readonly kind: "expect-servers";
  /** Which servers; `all` are all of the herd. */
  readonly servers: ServerList;
  /** How they must stand. */
  readonly standing: Standing;
  /** How long it may take. */
  readonly withinMs: number;
}

/** Nothing happens. */
export interface WaitStep {
  /** Which step it is. */
  readonly kind: "wait";
  /** How long it lasts. */
  readonly durationMs: number;
}

/** A phase of the drill begins; it lasts until the next one. */
export interface PhaseStep {
  /** Which step it is. */
  readonly kind: "phase";
  /** What checks call it. */
  readonly name: string;
}

/** Branches run at the same time; the step ends with the last of them. */
export interface ParallelStep {
  /** Which step it is. */
  readonly kind: "parallel";
  /** Steps that run one after the other, each list beside the others. */
  readonly branches: readonly (readonly Step[])[];
}

/** Steps run again and again. */
export interface RepeatStep {
  /** Which step it is. */
  readonly kind: "repeat";
  /** How often. */
  readonly times: number;
  /** What is repeated. */
  readonly steps: readonly Step[];
}

/**
 * Clients `load-1`, `load-2`, … send fixes, and ask for each other's, at a
 * rate, whatever comes back.
 */
export interface LoadStep {
  /** Which step it is. */
  readonly kind: "load";
  /** Lines a second, of all clients together. */
  readonly ratePerSecond: number;
  /** How long it lasts. */
  readonly durationMs: number;
  /** How many clients. */
  readonly clients: number;
  /** Each line goes to one of these that is up, by chance. */
  readonly to: ServerList;
  /** The share of the lines that are WHATSAT, by chance; none by default. */
  readonly whatsatShare?: number;
  /** Whether it is no failure that nothing at all is answered. */
  readonly mayFail?: true;
  /** Whether the steps after it do not wait for its end. */
  readonly isBackground?: boolean;
}

/** Hostile clients send what is no line of the protocol, at a rate. */
export interface GarbageStep extends Omit<LoadStep, "kind" | "whatsatShare"> {
  /** Which step it is. */
  readonly kind: "garbage";
  /** What the fault is called. */
  readonly id?: string;
}

/** Clients send one line again and again, as fast as servers take it. */
export interface GreedyStep
  extends Omit<GarbageStep, "kind" | "ratePerSecond"> {
  /** Which step it is. */
  readonly kind: "greedy";
  /** What they send. */
  readonly sends: GreedyLines;
}

/** What a step does. */
export type Action =
  | IamatStep
  | WhatsatStep
  | SendStep
  | FaultStep
  | LinkFaultStep
  | PartitionStep
  | ResetStep
  | ClockSkewStep
  | HealStep
  | PlacesStep
  | NemesisStep
  | ExpectFixStep
  | ExpectAlwaysStep
  | ExpectConvergedStep
  | ExpectServersStep
  | WaitStep
  | PhaseStep
  | ParallelStep
  | RepeatStep
  | LoadStep
  | GarbageStep
  | GreedyStep
  | ChurnStep
  | RandomStep;

/** One step of a plan, and where it stands in its file. */
export type Step = Action & { readonly where: Place };

/** A plan: read, checked, ready to run. */
export interface Scenario {
  /** What people call it; the file's name by default. */
  readonly name: string;
  /** The file it came from, as the reader knows it. */
  readonly file: string;
  /** What it teaches. */
  readonly description?: string;
  /** A year, a generated topology or a file. */
  readonly topology: string;
  /** How updates get from server to server; the topology's, else `flood`. */
  readonly mode?: DisseminationMode;
  /** What its random choices follow from; a fresh one each run by default. */
  readonly seed?: number;
  /** How often it is run, each time with the next seed; once by default. */
  readonly repeat?: number;
  /** How ended servers are started again. */
  readonly supervisor?: RestartRules;
  /** What each server allows at most; the topology's, else the defaults. */
  readonly limits?: Partial<Limits>;
  /** The steps, in order. */
  readonly steps: readonly Step[];
  /** What must be true of the whole, at its end. */
  readonly checks?: readonly PlacedCheck[];
}

/** Whether steps, or those in them, do something to links. */
export function needsLinkFaults(steps: readonly Step[]): boolean {
  return steps.some((step) => {
    if (step.kind === "parallel") return step.branches.some(needsLinkFaults);
    if (step.kind === "repeat") return needsLinkFaults(step.steps);
    return "fault" in step || step.kind === "nemesis" ||
      step.kind === "reset" ||
      step.kind === "partition";
  });
}

/** The topology of a scenario that names none. */
export const DEFAULT_TOPOLOGY = "2014";

/** Clients of a `random` step that tells none. */
export const RANDOM_CLIENTS = 3;

/** The name of client number `index`, from 0, of a load. */
export function loadClient(index: number): string {
  return `load-${index + 1}`;
}
