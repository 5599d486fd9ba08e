/**
 * The messages between a workbench and an agent, after their handshake: a value a
 * line. What a connection is for, its first one says.
 *
 * @module
 */
import { z } from "zod";
import { SERVER_NAME } from "../../model/topology/topology.ts";
import type { ServerStart } from "../world.ts";

/** The two names in the handshake: no server can have such a one. */
export const [WORKBENCH, AGENT] = ["*workbench", "*agent"];

/** Where an agent listens, unless it is told. */
export const AGENT_PORT = 12_090;

/** Who gives no sign of life on a lease for so long is gone, or can't be reached. */
export const SILENCE_MS = 15_000;

const RUN = z.string().regex(/^[0-9a-f]{32}$/);
const SERVER = z.looseObject({ name: z.string().regex(SERVER_NAME) })
  .transform((it) => it as unknown as ServerStart);

/** What a connection is for; a run is of one workbench, and has a number. */
export const PURPOSE = z.discriminatedUnion("kind", [
  /** All of the run on that machine ends with this connection. */
  z.strictObject({ kind: z.literal("lease"), run: RUN }),
  /** To have a process: of a server, or of proxies. What follows is for it. */
  z.strictObject({ kind: z.literal("server"), run: RUN, server: SERVER }),
  z.strictObject({ kind: z.literal("proxies"), run: RUN }),
  /** To have removed what a server keeps. */
  z.strictObject({ kind: z.literal("wipe"), run: RUN, server: SERVER }),
]);
export type Purpose = z.output<typeof PURPOSE>;

/** What an agent is told beside what is for a process. */
export type ToAgent =
  | Purpose
  /** A sign of life, on a lease, answered by one; and that all of the run is to end. */
  | { readonly kind: "beat" | "release" }
  /** What is to be done to the process. */
  | { readonly kind: "pause" | "resume" | "kill" | "close-input" };

/** What it says beside what a process says. */
export type FromAgent =
  | {
    readonly kind: "leased";
    /** The address of the workbench, as the agent sees it. */
    readonly workbench: string;
  }
  | { readonly kind: "beat" | "paused" | "wiped" }
  /** The lease ends, with all of the run. */
  | { readonly kind: "over"; readonly why: string }
  /** It can't do what it was told. */
  | { readonly kind: "refused"; readonly why: string }
  /** The process has ended. */
  | { readonly kind: "ended"; readonly why: string };
