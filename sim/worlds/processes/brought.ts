/**
 * The world of servers that somebody brings: any program, in a process of its
 * own, of which nothing is known but what it prints and does. What the ports
 * and hosts become that it names is up to a shim (`shim/`), or to the guard of
 * its network namespace (`namespace.py`).
 *
 * @module
 */
import type {
  Address,
  Connection,
  Platform,
} from "../../../herd/net/platform.ts";
import type { Isolation, Manifest } from "../../model/manifest.ts";
import type {
  Sent,
  ServerHandle,
  ServerStart,
  ServerWatcher,
  World,
} from "../world.ts";
import { BroughtServer } from "./brought_server.ts";
import { commandFor, setupLines, withPython } from "./command.ts";
import { copyFolder, makeFiles } from "./folder_copy.ts";
import {
  Guarded,
  type Program,
  PROGRAM_LIMITS,
  type ProgramLimits,
  type ProgramWatcher,
} from "./guarded.ts";
import type { Hosts } from "./hosts.ts";
import {
  type Dialect,
  dialectOf,
  dialectText,
  SpokenConnection,
} from "./spoken.ts";
import { withPythonOf } from "./python.ts";
import { Rewriting } from "./rewriting.ts";
import { MESSAGE_LIMITS, type MessageLimits, StormWatch } from "./storm.ts";
import { Switchboard, UNSHIMMED_ENV } from "./switchboard.ts";
import { openTempFolder, type TempFolder } from "./temp_folder.ts";
import { ToldFixes } from "../../model/told_fixes.ts";

/** What is brought. */
export interface BroughtOptions {
  /** By which servers are asked what they tell clients. */
  readonly platform: Platform;
  /** The words that start a server; see `parseCommand`. */
  readonly command: readonly string[];
  /** The folder that it is to run in. It is copied, and stays as it is. */
  readonly folder: string;
  /** Hosts that it may ask, and which ports of loopback stand for theirs. */
  readonly hosts?: Hosts;
  /** Its environment, beside the little that it keeps of this one. */
  readonly env?: Readonly<Record<string, string>>;
  /** What a server may use, where that is not the default. */
  readonly limits?: Partial<ProgramLimits>;
  /** What servers may send each other, where that is not the default. */
  readonly messages?: Partial<MessageLimits>;
  /** What stands between servers and the network; a shim by default. */
  readonly isolation?: Isolation;
  /** What is peculiar to it; the rest is found out. */
  readonly manifest?: Omit<Manifest, "command">;
  /** Hears of each dial to another server. */
  readonly onDial?: (server: string) => void;
  /** Hears that a server is ended, for it used too much, and how, in words. */
  readonly onLimit?: (server: string, how: string) => void;
  /** Ports that servers were seen to name, where they are to be rewritten. */
  readonly seenPorts?: ReadonlyMap<string, number>;
  /** Hears, in a line, what may make a verdict doubtful. */
  readonly onWarning?: (text: string) => void;
  /** Hears, in words, what was found out: how servers want to be spoken to. */
  readonly onFound?: (text: string) => void;
}

const NAME = "servers that were brought";

/** What can't be done to such servers, or would tell nothing of them. */
const CANNOT: ReadonlyMap<string, string> = new Map([
  ["clock_skew", `${NAME} do not let anybody set their clocks`],
  [
    "garbage",
    `${NAME} take one command a connection, and a forged AT from anybody`,
  ],
  ["greedy", `${NAME} take one command a connection`],
]);

/** The servers that somebody brought. */
export class BroughtWorld implements World, AsyncDisposable {
  readonly name = NAME;
  readonly sees: World["sees"] = new Set(["answers"]);
  readonly takesOrders = false;
  readonly cannot: ReadonlyMap<string, string> = CANNOT;
  readonly catchesUp: boolean;
  readonly ordersTies: boolean = false;
  readonly #options: BroughtOptions;
  readonly #folder: TempFolder;
  readonly #command: readonly string[];
  readonly #switchboard: Switchboard;
  readonly #rewriting: Rewriting | undefined;
  readonly #storm: StormWatch;
  readonly #running = new Set<Guarded>();
  readonly #servers = new Map<string, BroughtServer>();
  readonly #dialect: Dialect;
  readonly #told = new ToldFixes();
  /** By port, what a client said to a server last. */
  readonly #lastCommands = new Map<number, string>();
  #hasWarned = false;

  private constructor(
    options: BroughtOptions,
    folder: TempFolder,
    command: readonly string[],
  ) {
    const { hosts = {}, isolation = "shim", manifest = {} } = options;
    const { ports = {}, dialect, catches_up } = manifest;
    this.catchesUp = catches_up === "always";
    this.#options = options;
    this.#folder = folder;
    this.#command = command;
    this.#dialect = dialectOf(dialect);
    this.#storm = new StormWatch(options.platform.clock, {
      ...MESSAGE_LIMITS,
      ...options.messages,
    });
    this.#rewriting = isolation === "rewrite"
      ? this.#rewritingOf(options)
      : undefined;
    this.#switchboard = new Switchboard({
      folder: `${folder.path}/shim`,
      hosts,
      isolation,
      ports,
      rewriting: this.#rewriting,
      onChange: () => {
        if (isolation === "shim") return;
        for (const guarded of this.#running) guarded.reroute();
      },
    });
  }

  /**
   * Copies the folder, so that servers can be started in it.
   *
   * @throws {RangeError} If it is too large to be one of servers, or what is to
   * be made in it can't be.
   */
  static async open(options: BroughtOptions): Promise<BroughtWorld> {
    const folder = await openTempFolder();
    try {
      const copy = `${folder.path}/copy`;
      await copyFolder(options.folder, copy);
      await makeFiles(copy, options.manifest?.make ?? {});
      const command = withPython(options.command, options.manifest?.python);
      return new BroughtWorld(
        options,
        folder,
        await withPythonOf(copy, command),
      );
    } catch (error) {
      await folder[Symbol.asyncDispose]();
      throw error;
    }
  }

  #rewritingOf(
    { platform, hosts = {}, manifest, seenPorts, onFound }: BroughtOptions,
  ): Rewriting {
    const { path } = this.#folder;
    return new Rewriting({
      platform,
      folder: `${path}/copy`,
      into: `${path}/copies`,
      hosts,
      ports: { ...Object.fromEntries(seenPorts ?? []), ...manifest?.ports },
      run: (name, folder, watcher) => {
        const host = "127.0.0.1";
        const here = { name, host, port: 0, peers: [] };
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

  async prepare(servers: readonly ServerStart[]): Promise<void> {
    await this.#rewriting?.prepare(servers.map(({ name }) => name));
  }

  /** What a server and its neighbours are to it: ports, as it knows them. */
  #hereOf({ name, hostname: host, port, neighbours }: ServerStart) {
    const rewriting = this.#rewriting;
    if (!rewriting) return { name, host, port, peers: neighbours };
    const standsFor = (other: string, given: number) => {
      const port = rewriting.portOf(other);
      return port === undefined ? given : rewriting.standsFor(name, port);
    };
    const peers = neighbours.map((peer) => ({
      ...peer,
      port: standsFor(peer.name, peer.port),
    }));
    return { name, host, port: standsFor(name, port), peers };
  }

  #warnOfPort(name: string, port: number): void {
    if (this.#hasWarned) return;
    this.#hasWarned = true;
    const meant = this.#rewriting?.meantBy(name, port) ?? port;
    this.#options.onWarning?.(
      `${name} tells another server a port in a message (${meant}): who dials ` +
        "what it was told goes past the proxies, and no fault touches it",
    );
  }

  start(server: ServerStart, watcher: ServerWatcher): ServerHandle {
    const { env = {}, manifest = {}, platform } = this.#options;
    const { env: ours, ...plugged } = this.#switchboard.plug(server);
    const { name, hostname: host, port, neighbours: peers } = server;
    const here = this.#hereOf(server);
    const program = {
      command: commandFor(this.#command, here),
      folder: this.#rewriting?.folderOf(name) ?? `${this.#folder.path}/copy`,
      env: { ...env, ...ours },
      ...plugged,
    };
    const run = (to: ProgramWatcher) => this.#run(program, to);
    this.#storm.linked(name, peers.length);
    this.#lastCommands.delete(port);
    const speaking = () => this.#speaking({ hostname: host, port }, platform);
    const brought = new BroughtServer(server, watcher, {
      told: this.#told,
      exchange: (line) => speaking().exchange(line),
      manifest,
      question: manifest.dialect?.probe,
      setUp: async () => {
        for (const line of setupLines(manifest.setup ?? [], here)) {
          await speaking().tell(line);
        }
      },
      onDial: () => {
        this.#options.onDial?.(name);
        return this.#storm.message(name);
      },
      onPortTold: (port) => this.#warnOfPort(name, port),
      onLimit: (how) => this.#options.onLimit?.(name, how),
      switchboard: this.#switchboard,
      lastCommand: () => this.#lastCommands.get(port),
      run,
    });
    this.#servers.set(name, brought);
    return brought;
  }

  /** A connection that is spoken on as the protocol has it. */
  connect(address: Address, platform: Platform): Promise<Connection> {
    if (!this.#switchboard.isUp(address.port)) {
      throw new Deno.errors.ConnectionRefused("it does not listen");
    }
    return Promise.resolve(this.#speaking(address, platform));
  }

  /**
   * What a server replies to a command: as it came, unless the manifest knows
   * its form.
   *
   * @throws {Error} If it does not listen, or ends the connection by a reset.
   */
  async ask(
    address: Address,
    platform: Platform,
    line: string,
  ): Promise<string> {
    return await this.#speaking(address, platform).exchange(line);
  }

  #speaking(
    address: Address,
    { clock, network }: Platform,
  ): SpokenConnection {
    return new SpokenConnection(address, {
      clock,
      network,
      dialect: this.#dialect,
      onCommand: (line) => {
        this.#storm.command(line);
        this.#lastCommands.set(address.port, line);
      },
      onFound: (way) => this.#options.onFound?.(dialectText(way)),
      onReply: (line, reply) => {
        if (/^\s*IAMAT\s/.test(line)) this.#told.acknowledged(reply);
      },
    });
  }

  /** Takes the hosts away that servers may ask, or gives them back. */
  setHosts(are: "there" | "gone"): void {
    this.#switchboard.setHosts(are === "there");
  }

  /** Dials are told as they are made; what is sent on old ones is seen here. */
  passed(name: string, { chunks, connections }: Sent): void {
    for (let left = chunks - connections; left > 0; left--) {
      const used = this.#storm.message(name);
      if (used !== undefined) this.#servers.get(name)?.storms(used);
    }
  }

  /** In a namespace, what does not listen for a link must not accept for it. */
  refuse(ways: ReadonlySet<string>): void {
    this.#switchboard.refuse(ways);
  }

  /** How its servers want to be spoken to, as far as that is known. */
  get dialect(): Readonly<Dialect> {
    return this.#dialect;
  }

  /** The port that a server named for itself; it may listen on another one. */
  askedPort(name: string): number | undefined {
    return this.#switchboard.askedPort(name);
  }

  /** Ends what still runs, and removes the copy. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const guarded of this.#running) guarded.kill();
    await Promise.all([...this.#running].map(({ ended }) => ended));
    this.#rewriting?.[Symbol.dispose]();
    await this.#folder[Symbol.asyncDispose]();
  }
}
