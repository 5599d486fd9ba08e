/**
 * What an agent runs for workbenches: each has a run, with a folder and processes,
 * as long as its lease lasts.
 *
 * @module
 */
import type { Clock, Timer } from "../../../herd/net/platform.ts";
import { every } from "../../../herd/net/timing.ts";
import {
  type Misbehaviour,
  MISBEHAVIOURS,
} from "../../model/faults/misbehaviour.ts";
import type { JsonChannel } from "../../worlds/hosts/json_channel.ts";
import {
  BEAT_MS,
  type FromAgent,
  SILENCE_MS,
  type ToAgent,
} from "../../worlds/hosts/wire.ts";
import { dataDirOf, removeFolder } from "../../worlds/data_dir.ts";
import type { Programs } from "../../worlds/processes/programs.ts";
import type { HostProcess } from "./host_process.ts";

/** More is in nobody's herd. */
const PROCESSES_MAX = 256;
/** How long a workbench may take to close, once it was told that a process ended. */
const CLOSE_MS = 2_000;

/** What was brought for one run. */
export interface BroughtForRun extends AsyncDisposable {
  readonly programs: Programs;
  /** Has the places service in Google's place misbehave. */
  misbehave(mode: Misbehaviour): Promise<number>;
}

/** Copies into a folder what is brought, unless that is given up. */
export type BringForRun = (
  into: string,
  signal: AbortSignal,
) => Promise<BroughtForRun>;

/** What comes, where the first of it is waited for already. */
async function* from<T>(
  first: Promise<IteratorResult<T>>,
  rest: AsyncIterable<T>,
): AsyncGenerator<T> {
  const { done, value } = await first;
  if (done) return;
  yield value;
  yield* rest;
}

/** All that run. */
export class Runs {
  readonly #clock: Clock;
  readonly #folder: string;
  readonly #bring: BringForRun | undefined;
  readonly #runs = new Map<string, Run>();

  /**
   * None yet.
   *
   * @param bring Brings servers for a run, if that is not this project's.
   */
  constructor(clock: Clock, folder: string, bring?: BringForRun) {
    this.#clock = clock;
    this.#folder = folder;
    this.#bring = bring;
  }

  /** @throws {RangeError} If there is none, it is over, or not all of it is there yet. */
  at(id: string): Run {
    const run = this.#runs.get(id);
    if (run?.isLeased) return run;
    throw new RangeError("the lease is over, or there never was one");
  }

  /**
   * Keeps a run, until its workbench is gone; then it is ended.
   *
   * @param tell Tells the workbench that the run can begin, that it is heard,
   * and, before anything of it ends, why that is.
   * @throws {RangeError} If there is one of that number, or what is brought can't
   * be copied.
   */
  async lease(
    id: string,
    said: AsyncGenerator<unknown>,
    leased: Extract<FromAgent, { kind: "leased" }>,
    tell: (message: FromAgent) => void,
  ): Promise<void> {
    if (this.#runs.has(id)) throw new RangeError("there is such a run already");
    const folder = `${this.#folder}/${id}`;
    await Deno.mkdir(folder);
    const run = new Run(
      this.#clock,
      folder,
      (why) => tell({ kind: "over", why }),
    );
    this.#runs.set(id, run);
    const first = said.next();
    void first.then(({ done }) => done && run.giveUp("its workbench is gone"));
    // To copy what is brought may take longer than an answer.
    const beats = every(this.#clock, BEAT_MS, () => tell({ kind: "beat" }));
    try {
      run.bringing = this.#bring?.(folder, run.givenUp);
      run.brought = await run.bringing;
    } catch (error) {
      this.#runs.delete(id);
      await removeFolder(folder);
      throw error;
    } finally {
      beats.cancel();
    }
    run.isLeased = true;
    tell(leased);
    let why = "its connection failed";
    try {
      const heard = from(first, said);
      const heeding = this.#heed(run, heard, tell).then((it) => why = it);
      await Promise.race([heeding, run.over]);
    } finally {
      this.#runs.delete(id);
      await run.end(why);
    }
  }

  /** Resolves when nothing is said any more, to why it is over. */
  async #heed(
    { brought }: Run,
    said: AsyncIterable<unknown>,
    tell: (message: FromAgent) => void,
  ): Promise<string> {
    const silent = Promise.withResolvers<string>();
    const patience = () =>
      this.#clock.after(SILENCE_MS, () =>
        silent.resolve(
          `its workbench gave no sign of life for ${SILENCE_MS / 1_000} s`,
        ));
    let timer: Timer = patience();
    const heard = async () => {
      for await (const message of said) {
        timer.cancel();
        const told = message as ToAgent;
        if (told.kind === "release") break;
        if (told.kind === "beat") tell({ kind: "beat" });
        if (told.kind === "misbehave") {
          const touched = await misbehave(brought, told.mode);
          tell({ kind: "misbehaves", touched });
        }
        timer = patience();
      }
      return "its workbench let go of it";
    };
    try {
      return await Promise.race([heard(), silent.promise]);
    } finally {
      timer.cancel();
    }
  }

  /** Removes what a server keeps that has ended. */
  async wipe(id: string, server: string): Promise<void> {
    const { folder } = this.at(id);
    await removeFolder(dataDirOf(folder, server));
  }

  /** Ends all. */
  async end(): Promise<void> {
    await Promise.all(
      [...this.#runs.values()].map((run) => run.end("the agent ends")),
    );
  }
}

/** One of them. */
export class Run {
  readonly folder: string;
  /** Whether all is there that its processes need. */
  isLeased = false;
  /** What comes of copying what is brought; it ends before the run does. */
  bringing: Promise<BroughtForRun> | undefined;
  /** What was brought for it. */
  brought: BroughtForRun | undefined;
  readonly #clock: Clock;
  readonly #onEnd: (why: string) => void;
  readonly #giveUp = new AbortController();
  readonly #running = new Set<HostProcess>();
  readonly #over = Promise.withResolvers<void>();
  #ending: Promise<void> | undefined;

  constructor(clock: Clock, folder: string, onEnd: (why: string) => void) {
    this.#clock = clock;
    this.folder = folder;
    this.#onEnd = onEnd;
  }

  /** Aborted when what is brought is not needed any more. */
  get givenUp(): AbortSignal {
    return this.#giveUp.signal;
  }

  /** Ends the copying of what is brought. */
  giveUp(why: string): void {
    this.#giveUp.abort(new RangeError(why));
  }

  /** Resolves when it is ended. */
  get over(): Promise<void> {
    return this.#over.promise;
  }

  /**
   * Has a process speak with its workbench, until it ends or that is gone.
   *
   * @throws {RangeError} If it may not run.
   */
  async process(
    process: HostProcess,
    channel: Pick<JsonChannel, "tell" | "close">,
    said: AsyncIterable<unknown>,
  ): Promise<void> {
    const { spawned, server } = process;
    let failure: string | undefined;
    const before = [...this.#running].filter((it) =>
      server !== undefined && it.server === server
    );
    this.#running.add(process);
    const heeding = heed(process, before, channel, said)
      .catch((error) => {
        failure = error instanceof Error ? error.message : String(error);
      });
    try {
      if (this.#ending !== undefined || this.#running.size > PROCESSES_MAX) {
        throw new RangeError("there are too many processes, or it is over");
      }
      for await (const value of spawned.said) channel.tell(value);
    } catch (error) {
      spawned.kill();
      throw error;
    } finally {
      const why = await spawned.ended;
      this.#running.delete(process);
      channel.tell(
        { kind: "ended", why: failure ?? why } satisfies FromAgent,
      );
      const late = this.#clock.after(CLOSE_MS, () => channel.close());
      await heeding;
      late.cancel();
    }
  }

  /** Ends its processes, and removes what they kept. */
  end(why: string): Promise<void> {
    return this.#ending ??= this.#end(why);
  }

  async #end(why: string): Promise<void> {
    this.#onEnd(why);
    this.giveUp(why);
    const running = [...this.#running];
    for (const { spawned } of running) spawned.kill();
    await Promise.all(running.map(({ spawned }) => spawned.ended));
    const brought = await this.bringing?.catch(() => undefined);
    await brought?.[Symbol.asyncDispose]();
    await removeFolder(this.folder);
    this.#over.resolve();
  }
}

async function misbehave(
  brought: BroughtForRun | undefined,
  mode: Misbehaviour,
): Promise<number> {
  if (brought === undefined || !MISBEHAVIOURS.includes(mode)) {
    throw new RangeError(`no places service here can misbehave by ${mode}`);
  }
  return await brought.misbehave(mode);
}

/** Does what a workbench wants of a process, until that is gone. */
async function heed(
  process: HostProcess,
  before: readonly HostProcess[],
  channel: Pick<JsonChannel, "tell">,
  said: AsyncIterable<unknown>,
): Promise<void> {
  try {
    // What is left of one that its workbench has lost has the port.
    for (const { spawned } of before) spawned.kill();
    await Promise.all(before.map(({ spawned }) => spawned.ended));
    for await (const message of said) await obey(process, message, channel);
  } finally {
    // Nobody is there to be told anything, or nobody knows what it does by now.
    process.spawned.kill();
  }
}

/** Does to a process what its workbench wants. */
async function obey(
  { spawned, settle }: HostProcess,
  message: unknown,
  channel: Pick<JsonChannel, "tell">,
): Promise<void> {
  switch ((message as ToAgent).kind) {
    case "pause":
      await spawned.pause();
      return channel.tell({ kind: "paused" } satisfies FromAgent);
    case "resume":
      return spawned.resume();
    case "kill":
      return spawned.kill();
    case "close-input":
      return spawned.closeInput();
    default:
      spawned.tell(settle ? settle(message) : message);
  }
}
