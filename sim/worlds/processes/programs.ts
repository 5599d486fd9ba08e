/**
 * The programs of servers that somebody brings: a copy of their folder, in which
 * each runs under its guard, with a file that says what it is to reach. Its shim
 * reads that whenever it dials, or the guard of its namespace.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import type { Platform } from "../../../herd/net/platform.ts";
import type { Isolation, Manifest } from "../../model/manifest.ts";
import {
  commandFor,
  type Placeholders,
  tellsPeers,
  withPython,
} from "./command.ts";
import { copyFolder, makeFiles } from "./folder_copy.ts";
import {
  Guarded,
  type Program,
  PROGRAM_LIMITS,
  type ProgramLimits,
  type ProgramWatcher,
} from "./guarded.ts";
import type { Hosts } from "./hosts.ts";
import { withPythonOf } from "./python.ts";
import { Rewriting } from "./rewriting.ts";

const LOOPBACK = "127.0.0.1";
const SHIM = fileURLToPath(import.meta.resolve("./shim/"));

const PYTHON_ENV = {
  PYTHONPATH: SHIM,
  // The shim's folder stays as it is.
  PYTHONDONTWRITEBYTECODE: "1",
  // What is buffered would be lost by a kill.
  PYTHONUNBUFFERED: "1",
};

/** With it a program runs as it is, but that an old one is helped along. */
const UNSHIMMED_ENV: Readonly<Record<string, string>> = {
  ...PYTHON_ENV,
  HERD_MEND: "1",
};

/** What a program reaches, and where it is reached. */
export interface Routes {
  /** The port by which it is reached. */
  readonly port: number;
  /** Of the ports that it listens on, the one that counts; else the first. */
  readonly asked?: number;
  /** By the port that it dials, the port of loopback that stands for it. */
  readonly connect: Readonly<Record<string, number>>;
  /** Whether the hosts are there that it may ask. */
  readonly hasHosts: boolean;
}

/** One server's program. */
export interface ProgramStart {
  /** What its command is filled with. */
  readonly here: Placeholders;
  readonly routes: Routes;
}

/** A program that runs, until it ends or is killed. */
export interface RunningProgram extends Pick<Guarded, "signal" | "kill"> {
  /** Changes what it reaches; resolves once it has, if that takes a while. */
  route(routes: Routes): void | Promise<void>;
}

/** What programs are run of. */
export interface ProgramsOptions {
  readonly platform: Platform;
  /** The words that start a server; see `parseCommand`. */
  readonly command: readonly string[];
  /** The folder that it is to run in. It is copied, and stays as it is. */
  readonly folder: string;
  /** Where the copy goes. */
  readonly into: string;
  /** Hosts that it may ask, and which ports of loopback stand for theirs. */
  readonly hosts?: Hosts;
  /** Its environment, beside the little that it keeps of this one. */
  readonly env?: Readonly<Record<string, string>>;
  /** What a server may use, where that is not the default. */
  readonly limits?: Partial<ProgramLimits>;
  /** What stands between servers and the network; a shim by default. */
  readonly isolation?: Isolation;
  readonly manifest?: Pick<Manifest, "make" | "ports" | "python" | "setup">;
  /** The address on which servers are reached; loopback by default. */
  readonly hostname?: string;
  /** Ports that servers were seen to name, where they are to be rewritten. */
  readonly seenPorts?: ReadonlyMap<string, number>;
  /** Hears, in words, what was found out. */
  readonly onFound?: (text: string) => void;
  /** Ends the copying; that then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** The programs of one copy. */
export class Programs implements AsyncDisposable {
  /** What stands in servers' copies, where ports are rewritten. */
  readonly rewriting: Rewriting | undefined;
  readonly #options: ProgramsOptions;
  readonly #command: readonly string[];
  readonly #tellsPeers: boolean;
  readonly #running = new Set<Guarded>();
  #starts = 0;
  #isOver = false;

  private constructor(options: ProgramsOptions, command: readonly string[]) {
    this.#options = options;
    this.#command = command;
    this.rewriting = options.isolation === "rewrite"
      ? this.#rewritingOf(options)
      : undefined;
    const { manifest: { setup = [] } = {} } = options;
    this.#tellsPeers = !this.rewriting && tellsPeers([...command, ...setup]);
  }

  /**
   * Copies the folder, so that servers can be started in it.
   *
   * @throws {RangeError} If it is too large to be one of servers, or what is to
   * be made in it can't be.
   */
  static async open(options: ProgramsOptions): Promise<Programs> {
    const { folder, into, command, manifest, signal } = options;
    const copy = `${into}/copy`;
    await copyFolder(folder, copy, signal);
    await makeFiles(copy, manifest?.make ?? {});
    const words = withPython(command, manifest?.python);
    const found = await withPythonOf(copy, words);
    signal?.throwIfAborted();
    return new Programs(options, found);
  }

  #rewritingOf(options: ProgramsOptions): Rewriting {
    const { platform, into, hosts = {}, manifest, seenPorts, onFound } =
      options;
    return new Rewriting({
      platform,
      folder: `${into}/copy`,
      into: `${into}/copies`,
      hosts,
      ports: { ...Object.fromEntries(seenPorts ?? []), ...manifest?.ports },
      run: (name, folder, watcher) => {
        const here = { name, host: LOOPBACK, port: 0, peers: [] };
        const command = commandFor(this.#command, here);
        const env = { ...this.#options.env, ...UNSHIMMED_ENV };
        const events = `${folder}.events`;
        return this.#run({ command, folder, env, events }, watcher);
      },
      onFound: onFound ?? (() => {}),
    });
  }

  #run(program: Omit<Program, "limits">, watcher: ProgramWatcher): Guarded {
    const limits = { ...PROGRAM_LIMITS, ...this.#options.limits };
    const guarded = new Guarded({ ...program, limits }, watcher);
    this.#running.add(guarded);
    guarded.ended.then(() => this.#running.delete(guarded));
    return guarded;
  }

  /**
   * Starts one.
   *
   * @throws {TypeError} If it is over with them.
   * @throws {Deno.errors.NotFound} If there is no Python for its guard.
   */
  start(
    { here, routes }: ProgramStart,
    watcher: ProgramWatcher,
  ): RunningProgram {
    const { into, isolation = "shim", hostname, env } = this.#options;
    const { name } = here;
    if (this.#isOver) {
      throw new TypeError(`Cannot start ${name}: its folder is removed`);
    }
    // A folder for each start: what is left of the one before is not in it.
    const folder = `${into}/shim/${name}.${++this.#starts}`;
    Deno.mkdirSync(folder, { recursive: true });
    this.#write(folder, here, routes);
    const isShimmed = isolation === "shim";
    const { asked, port } = routes;
    const guarded = this.#run({
      command: commandFor(this.#command, here),
      folder: this.rewriting?.folderOf(name) ?? `${into}/copy`,
      env: {
        ...env,
        ...isShimmed
          ? {
            ...PYTHON_ENV,
            HERD_SHIM: folder,
            NODE_OPTIONS: `--require "${SHIM}require.cjs"`,
          }
          : UNSHIMMED_ENV,
      },
      events: `${folder}/events`,
      ...asked !== undefined && { asked },
      ...!isShimmed && {
        ways: {
          map: `${folder}/map.json`,
          port,
          ...hostname !== undefined && { hostname },
          areInside: isolation === "netns",
        },
      },
    }, watcher);
    return {
      signal: (signal) => guarded.signal(signal),
      kill: () => guarded.kill(),
      route: (routes) => {
        const why = this.#rewrite(folder, here, routes);
        if (why !== undefined) {
          watcher.onEvent({ event: "lost", why });
          return guarded.kill();
        }
        // A shim reads it whenever its program dials.
        return isShimmed ? undefined : guarded.reroute();
      },
    };
  }

  /**
   * Writes it anew; returns why it can't, as where servers have filled the disk.
   * Its callers could do nothing about that.
   */
  #rewrite(
    folder: string,
    here: Placeholders,
    routes: Routes,
  ): string | undefined {
    try {
      this.#write(folder, here, routes);
      return undefined;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return `it can't be told what it reaches now: ${why}`;
    }
  }

  /** Ports of neighbours that are up, where it was told them: each is itself. */
  #toldPorts({ peers }: Placeholders, { connect }: Routes): Routes["connect"] {
    if (!this.#tellsPeers) return {};
    const up = new Set(Object.values(connect));
    const ports = peers.map(({ port }) => port).filter((it) => up.has(it));
    return Object.fromEntries(ports.map((port) => [port, port]));
  }

  #write(folder: string, here: Placeholders, given: Routes): void {
    const { hasHosts, ...routes } = given;
    const { name } = here;
    const { rewriting } = this;
    const { hosts = {}, hostname = LOOPBACK } = this.#options;
    const all = rewriting ? { [LOOPBACK]: rewriting.hostsOf(name) } : hosts;
    const text = JSON.stringify({
      ...routes,
      connect: { ...this.#toldPorts(here, given), ...routes.connect },
      hostname,
      hosts: hasHosts ? all : {},
      secret: rewriting?.all,
    });
    // Whoever reads it meanwhile reads all of the old one.
    Deno.writeTextFileSync(`${folder}/map.new`, text);
    Deno.renameSync(`${folder}/map.new`, `${folder}/map.json`);
  }

  /** Ends what still runs. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    // It starts no more of them then.
    const rewritten = this.rewriting?.[Symbol.asyncDispose]();
    for (const guarded of this.#running) guarded.kill();
    await Promise.all([...this.#running].map(({ ended }) => ended));
    await rewritten;
  }
}
