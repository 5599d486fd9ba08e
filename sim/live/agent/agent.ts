/**
 * An agent: on its machine it starts and ends the processes that a workbench on
 * another one asks it for, once that has proved that it knows the secret. Nothing
 * that it has started outlives the workbench's lease, nor the agent.
 *
 * @module
 */
import { DEFAULT_LIMITS } from "../../../herd/core/limits.ts";
import { parsePeer } from "../../../herd/core/wire/handshake.ts";
import { connectionsOf } from "../../../herd/net/accepting.ts";
import { Channel } from "../../../herd/net/channel.ts";
import { respond } from "../../../herd/net/handshake.ts";
import type {
  Address,
  Connection,
  Platform,
  TcpListener,
  TlsIdentity,
} from "../../../herd/net/platform.ts";
import { JsonChannel } from "../../worlds/hosts/json_channel.ts";
import {
  AGENT,
  type Brings,
  type FromAgent,
  PURPOSE,
  WORKBENCH,
} from "../../worlds/hosts/wire.ts";
import {
  Programs,
  type ProgramsOptions,
} from "../../worlds/processes/programs.ts";
import { openTempFolder } from "../../worlds/processes/temp_folder.ts";
import { openGoogle } from "../places/google.ts";
import { hostProcess } from "./host_process.ts";
import { type BringForRun, Runs } from "./runs.ts";

/** Connections that have not proved anything yet, at a time. */
const STRANGERS_MAX = 16;
/** Connections in all: one for each process, and a few more. */
const CONNECTIONS_MAX = 1_024;
const FULL = `there are ${CONNECTIONS_MAX} connections`;
/** Of lines before the other side has proved who it is. */
const LINE_BYTES_MAX = 1_024;

/** Servers that an agent brings, which no workbench can say. */
export interface Bringing {
  /** What workbenches are told of it. */
  readonly brings: Brings;
  /** What runs, and where that is copied from. */
  readonly programs: Omit<
    ProgramsOptions,
    "platform" | "into" | "hostname" | "hosts" | "env"
  >;
}

export interface AgentOptions {
  readonly platform: Platform;
  /** Where it listens; its servers listen on the same address. */
  readonly address: Address;
  /** What workbenches prove to it, and it to them, in hex. */
  readonly secret: string;
  /** Who it is by TLS; plain text without it. */
  readonly tls?: TlsIdentity;
  /** Where servers log; they do not, without it. */
  readonly logDirectory?: string;
  /** What it brings in place of this project's servers. */
  readonly bringing?: Bringing;
  /** Hears what happens, a line each. */
  readonly tell: (text: string) => void;
}

const LOOPBACK = "127.0.0.1";

/** The address by which what is brought is reached, as a program can bind it. */
function reached({ addr: { hostname } }: TcpListener): string {
  return hostname === "::" ? "0.0.0.0" : hostname;
}

/**
 * How what is brought is copied for a run. Each has a places service of its own,
 * so that what misbehaves for one workbench does not for another.
 */
function bringer(
  { bringing, platform }: AgentOptions,
  listener: TcpListener,
): BringForRun | undefined {
  if (bringing === undefined) return undefined;
  const hostname = reached(listener);
  const options = { ...bringing.programs, platform, hostname };
  return async (into, signal) => {
    await using owned = new AsyncDisposableStack();
    const google = owned.use(await openGoogle(platform, { waits: false }));
    const { places, surroundings } = google;
    const programs = owned.use(
      await Programs.open({ ...options, ...surroundings, into, signal }),
    );
    const kept = owned.move();
    return {
      programs,
      misbehave: (mode) => places.misbehave!(mode),
      [Symbol.asyncDispose]: () => kept.disposeAsync(),
    };
  };
}

/** One agent. */
export class Agent implements AsyncDisposable {
  readonly #options: AgentOptions;
  readonly #listener: TcpListener;
  readonly #runs: Runs;
  readonly #open = new Set<Channel>();
  #isOver = false;
  readonly #tasks = new Set<Promise<void>>();
  readonly #owned: AsyncDisposableStack;
  /** Who has not proved anything yet, in the order in which they came. */
  readonly #strangers = new Set<Channel>();

  private constructor(
    options: AgentOptions,
    listener: TcpListener,
    folder: string,
    owned: AsyncDisposableStack,
  ) {
    this.#options = options;
    this.#listener = listener;
    this.#runs = new Runs(
      options.platform.clock,
      folder,
      bringer(options, listener),
    );
    this.#owned = owned;
    this.#track(this.#accept());
  }

  /**
   * Listens.
   *
   * @throws {Deno.errors.AddrInUse} If the port is taken.
   */
  static async listen(options: AgentOptions): Promise<Agent> {
    const { address, tls, platform: { network } } = options;
    await using owned = new AsyncDisposableStack();
    const folder = owned.use(await openTempFolder());
    const listener = tls === undefined
      ? network.listen(address)
      : network.listenTls!(address, tls);
    return new Agent(options, listener, folder.path, owned.move());
  }

  /** Where it listens. */
  get address(): Address {
    const { hostname, port } = this.#listener.addr;
    return { hostname, port };
  }

  #track(task: Promise<void>): void {
    this.#tasks.add(task);
    task.finally(() => this.#tasks.delete(task));
  }

  async #accept(): Promise<void> {
    const { clock } = this.#options.platform;
    for await (const conn of connectionsOf(clock, this.#listener)) {
      // It may have been accepted in the very moment of the end.
      if (this.#isOver) {
        conn.close();
        continue;
      }
      const { hostname, port } = conn.remoteAddr;
      if (this.#open.size >= CONNECTIONS_MAX) {
        conn.close();
        this.#options.tell(`refused ${hostname}:${port}: ${FULL}`);
        continue;
      }
      this.#pushOut();
      const serving = this.#serve(conn)
        // What is wrong with one connection is nothing to the others.
        .catch((error) => this.#options.tell(`${hostname}:${port}: ${error}`));
      this.#track(serving);
    }
  }

  /** Makes room: strangers who say nothing are not to keep workbenches out. */
  #pushOut(): void {
    if (this.#strangers.size < STRANGERS_MAX) return;
    const [oldest] = this.#strangers;
    if (oldest === undefined) return;
    this.#strangers.delete(oldest);
    oldest.failure = "it has proved nothing, and others wait";
    oldest.close();
  }

  async #serve(conn: Connection): Promise<void> {
    const { clock } = this.#options.platform;
    const channel = new Channel(clock, conn, LINE_BYTES_MAX);
    this.#open.add(channel);
    this.#strangers.add(channel);
    try {
      const why = await this.#admit(channel)
        .finally(() => this.#strangers.delete(channel));
      if (why === undefined) {
        return await this.#obey(new JsonChannel(channel), conn.remoteAddr);
      }
      const { failure = why, address } = channel;
      this.#options.tell(`refused ${address}: ${failure}`);
    } finally {
      channel.close();
      this.#open.delete(channel);
    }
  }

  /** Why a connection is refused, if it is. */
  async #admit(channel: Channel): Promise<string | undefined> {
    const { platform, secret } = this.#options;
    const { handshakeLineMsMax, handshakeMsMax } = DEFAULT_LIMITS;
    const late = platform.clock.after(
      handshakeLineMsMax,
      () => channel.close(),
    );
    const isHere = await channel.nextLine();
    late.cancel();
    if (!isHere) return "it said nothing";
    const introduction = parsePeer(channel.line);
    const isMeant = introduction?.from === WORKBENCH &&
      introduction.to === AGENT;
    if (!isMeant) return "it is no workbench";
    const limits = { handshakeLineMsMax, handshakeMsMax };
    const refusal = await respond(
      channel,
      introduction,
      () => undefined,
      { platform, secret, limits },
    );
    if (refusal !== undefined) await channel.closeGently("? refused\n");
    return refusal?.why;
  }

  async #obey(channel: JsonChannel, workbench: Address): Promise<void> {
    const said = channel.said();
    const tell = (message: FromAgent) => channel.tell(message);
    try {
      const { platform: { clock } } = this.#options;
      const { success, data: purpose } = PURPOSE.safeParse(
        await channel.answer(clock, said),
      );
      if (!success) throw new RangeError("what it is to do, nobody can tell");
      switch (purpose.kind) {
        case "lease": {
          this.#options.tell(`leased by ${workbench.hostname}`);
          const { brings } = this.#options.bringing ?? {};
          const leased: FromAgent = {
            kind: "leased",
            workbench: workbench.hostname,
            ...brings && { brings },
          };
          const over = `the lease of ${workbench.hostname} is over`;
          return await this.#runs.lease(purpose.run, said, leased, tell)
            .finally(() => this.#options.tell(over));
        }
        case "wipe":
          await this.#runs.wipe(purpose.run, purpose.server.name);
          return tell({ kind: "wiped" });
        default: {
          const run = this.#runs.at(purpose.run);
          const { logDirectory, bringing, address } = this.#options;
          const { folder, brought } = run;
          const programs = brought?.programs;
          const { hostname } = address;
          const isInside = bringing?.programs.isolation === "netns";
          const programHost = isInside ? LOOPBACK : reached(this.#listener);
          const at = { hostname, folder, logDirectory, programs, programHost };
          await run.process(await hostProcess(purpose, at), channel, said);
        }
      }
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      tell({ kind: "refused", why: error.message });
    } finally {
      await channel.end();
    }
  }

  /** Ends all that it has started, and listens no more. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    this.#listener.close();
    await this.#runs.end();
    for (const channel of this.#open) channel.close();
    await Promise.all(this.#tasks);
    await this.#owned.disposeAsync();
  }
}
