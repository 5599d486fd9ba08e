/**
 * The messages between a workbench and an agent, after their handshake: a value a
 * line. What a connection is for, its first one says.
 *
 * @module
 */
import { z } from "zod";
import type { Misbehaviour } from "../../model/faults/misbehaviour.ts";
import { type Manifest, STOP_SIGNALS } from "../../model/manifest.ts";
import { PORT_MAX, SERVER_NAME } from "../../model/topology/topology.ts";
import type { ProgramEvent } from "../processes/guarded.ts";
import type { ServerStart } from "../world.ts";

/** The two names in the handshake: no server can have such a one. */
export const [WORKBENCH, AGENT] = ["*workbench", "*agent"];

/** Where an agent listens, unless it is told. */
export const AGENT_PORT = 12_090;

/** How often who leases gives a sign of life, and who is about to be leased. */
export const BEAT_MS = 1_000;
/** Who gives no sign of life on a lease for so long is gone, or can't be reached. */
export const SILENCE_MS = 15_000;

const RUN = z.string().regex(/^[0-9a-f]{32}$/);
const SERVER = z.looseObject({ name: z.string().regex(SERVER_NAME) })
  .transform((it) => it as unknown as ServerStart);

const HOST_CHARACTERS_MAX = 253;
const PORT = z.int().min(1).max(PORT_MAX);
const NAME = z.string().regex(SERVER_NAME);
const ADDRESS = {
  name: NAME,
  hostname: z.string().max(HOST_CHARACTERS_MAX),
  port: PORT,
};
const ROUTES = z.strictObject({
  port: PORT,
  asked: PORT.exactOptional(),
  connect: z.record(z.string().regex(/^\d{1,5}$/), PORT),
  hasHosts: z.boolean(),
});

/** What a connection is for; a run is of one workbench, and has a number. */
export const PURPOSE = z.discriminatedUnion("kind", [
  /** All of the run on that machine ends with this connection. */
  z.strictObject({ kind: z.literal("lease"), run: RUN }),
  /** To have a process: of a server, or of proxies. What follows is for it. */
  z.strictObject({ kind: z.literal("server"), run: RUN, server: SERVER }),
  z.strictObject({ kind: z.literal("proxies"), run: RUN }),
  /**
   * To have a server that was brought, by the agent's own command: what is told
   * of it is who it is, and where others are.
   */
  z.strictObject({
    kind: z.literal("program"),
    run: RUN,
    name: NAME,
    port: PORT,
    peers: z.array(z.strictObject(ADDRESS)),
    routes: ROUTES,
  }),
  /** To have removed what a server keeps. */
  z.strictObject({ kind: z.literal("wipe"), run: RUN, server: SERVER }),
]);
export type Purpose = z.output<typeof PURPOSE>;

/** What a program is told once its connection is there, first that it starts. */
export const PROGRAM_ORDER = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("start") }),
  z.strictObject({ kind: z.literal("routes"), routes: ROUTES }),
  z.strictObject({
    kind: z.literal("signal"),
    name: z.enum([...STOP_SIGNALS, "SIGSTOP", "SIGCONT"]),
  }),
]);
export type ProgramOrder = z.output<typeof PROGRAM_ORDER>;

/** What comes of a program. */
export type ProgramReport =
  | { readonly kind: "event"; readonly event: ProgramEvent }
  /** It reaches what it was told. */
  | { readonly kind: "routed" }
  /** It printed a line. */
  | { readonly kind: "line"; readonly line: string };

/** What an agent runs in place of this project's servers. */
export interface Brings {
  /** Its command, and what stands before the network, for people. */
  readonly text: string;
  readonly manifest: Pick<
    Manifest,
    "catches_up" | "dialect" | "ports" | "ready" | "setup" | "stop"
  >;
}

/** What an agent is told beside what is for a process. */
export type ToAgent =
  | Purpose
  /** A sign of life, on a lease, answered by one; and that all of the run is to end. */
  | { readonly kind: "beat" | "release" }
  /** What stands there in Google's place, for servers that were brought. */
  | { readonly kind: "misbehave"; readonly mode: Misbehaviour }
  /** What is to be done to the process. */
  | { readonly kind: "pause" | "resume" | "kill" | "close-input" };

/** What it says beside what a process says. */
export type FromAgent =
  | {
    readonly kind: "leased";
    /** The address of the workbench, as the agent sees it. */
    readonly workbench: string;
    /** Left out where it runs this project's servers. */
    readonly brings?: Brings;
  }
  | { readonly kind: "beat" | "paused" | "wiped" }
  /** How many requests went wrong before. */
  | { readonly kind: "misbehaves"; readonly touched: number }
  /** The lease ends, with all of the run. */
  | { readonly kind: "over"; readonly why: string }
  /** It can't do what it was told. */
  | { readonly kind: "refused"; readonly why: string }
  /** The process has ended. */
  | { readonly kind: "ended"; readonly why: string };
