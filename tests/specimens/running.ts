/**
 * Runs a specimen as a person would: a process for each server, with nothing
 * between them, spoken to by plain sockets.
 *
 * @module
 */
import { delay } from "@std/async";
import { parseTopology } from "../../sim/model/topology/topology.ts";
import {
  type Dialect,
  type Style,
  styleOf,
  writeSpecimen,
} from "./specimens.ts";

const HOSTNAME = "127.0.0.1";
const SERVERS = 5;
/** Below the range of ports that outgoing connections get. */
const PORTS = { first: 16_000, last: 31_000 };
/** For a busy machine: Python alone may take seconds to start there. */
const PATIENCE_MS = 60_000;
/** Nothing listens here, and nothing leaves the machine. */
const NOWHERE = `${HOSTNAME}:1`;

/** The five processes of a specimen. */
export class Running implements AsyncDisposable {
  readonly style: Style;
  readonly names: readonly string[];
  readonly links: readonly (readonly [string, string])[];
  readonly #folder: string;
  readonly #portBase: number;
  readonly #processes: ReadonlyMap<string, Deno.ChildProcess>;
  readonly #output: Promise<void>[] = [];
  readonly #ended = new Set<string>();
  #printed = "";

  private constructor(style: Style, folder: string, portBase: number) {
    this.style = style;
    this.#folder = folder;
    this.#portBase = portBase;
    const { topology } = parseTopology(
      Deno.readTextFileSync(
        new URL(`../../topologies/${style.topology}.yaml`, import.meta.url),
      ),
      style.topology,
    );
    this.names = topology!.servers.map(({ name }) => name);
    this.links = topology!.links;
    this.#processes = new Map(
      this.names.map((name) => [name, this.#spawn(name)]),
    );
  }

  /** Starts a specimen in a new folder, and waits until all of it listens. */
  static async start(specimen: string): Promise<Running> {
    const style = styleOf(specimen);
    const folder = await Deno.makeTempDir();
    const base = freePorts();
    const portOf = (port: number) => base + port - style.portBase;
    await writeSpecimen(specimen, folder, portOf, NOWHERE);
    if (style.build) {
      const [command, ...args] = style.build;
      const options = { args, cwd: folder };
      const { success } = await new Deno.Command(command!, options).output();
      if (!success) throw new Error(`Cannot build ${specimen}`);
    }
    const running = new Running(style, folder, base);
    try {
      for (const name of running.names) await running.#listening(name);
      return running;
    } catch (error) {
      const printed = running.#printed;
      await running[Symbol.asyncDispose]();
      throw new Error(`Cannot start ${specimen}: ${printed}`, { cause: error });
    }
  }

  #spawn(name: string): Deno.ChildProcess {
    const [command, ...args] = this.style.command
      .map((word) => word.replace("{name}", name));
    const child = new Deno.Command(command!, {
      args,
      cwd: this.#folder,
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    child.status.then(() => this.#ended.add(name));
    for (const stream of [child.stdout, child.stderr]) {
      this.#output.push(this.#take(stream));
    }
    return child;
  }

  async #take(stream: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    for await (const chunk of stream) {
      this.#printed += decoder.decode(chunk, { stream: true });
    }
  }

  async #listening(name: string): Promise<void> {
    const isUp = async () => {
      if (this.#ended.has(name)) throw new Error(`${name} has ended`);
      try {
        (await this.connect(name)).close();
        return true;
      } catch {
        return false;
      }
    };
    if (!await eventually(isUp)) throw new Error(`${name} does not listen`);
  }

  /** Whether the process has ended, which was never asked of it. */
  hasEnded(name: string): boolean {
    return this.#ended.has(name);
  }

  /** A connection to a server. */
  connect(name: string): Promise<Deno.TcpConn> {
    const port = this.#portBase + this.names.indexOf(name);
    return Deno.connect({ hostname: HOSTNAME, port });
  }

  /**
   * Sends a line, and reads until the reply is as it should be, the server
   * closes, or time is up. Returns what came.
   */
  async ask(
    name: string,
    line: string,
    isWhole: RegExp,
    patienceMs = PATIENCE_MS,
  ): Promise<string> {
    const { lineEnd, isHalfClosed }: Dialect = this.style.dialect;
    using conn = await this.connect(name);
    const late = setTimeout(() => conn.close(), patienceMs);
    let reply = "";
    try {
      await conn.write(new TextEncoder().encode(line + lineEnd));
      if (isHalfClosed) await conn.closeWrite();
      const decoder = new TextDecoder();
      const chunk = new Uint8Array(65_536);
      while (!isWhole.test(reply)) {
        const count = await conn.read(chunk);
        if (count === null) break;
        reply += decoder.decode(chunk.subarray(0, count), { stream: true });
      }
    } catch {
      // Time is up, or the server is gone: what came says which.
    } finally {
      clearTimeout(late);
    }
    return reply;
  }

  /** Freezes a server's process, or lets it go on. */
  signal(name: string, signal: "SIGSTOP" | "SIGCONT"): void {
    this.#processes.get(name)!.kill(signal);
  }

  /** How many messages servers say that they have sent to each other. */
  sent(): number {
    const { sends, folders = [] } = this.style;
    const logs = folders.flatMap((folder) =>
      [...Deno.readDirSync(`${this.#folder}/${folder}`)].map(({ name }) =>
        Deno.readTextFileSync(`${this.#folder}/${folder}/${name}`)
      )
    );
    return [this.#printed, ...logs].join("\n").match(sends!)?.length ?? 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const [name, child] of this.#processes) {
      if (!this.#ended.has(name)) child.kill("SIGKILL");
    }
    for (const child of this.#processes.values()) await child.status;
    await Promise.all(this.#output);
    await Deno.remove(this.#folder, { recursive: true });
  }
}

/** Whether something comes true before patience ends. */
export async function eventually(
  isTrue: () => boolean | Promise<boolean>,
  patienceMs = PATIENCE_MS,
): Promise<boolean> {
  const endMs = performance.now() + patienceMs;
  while (performance.now() < endMs) {
    if (await isTrue()) return true;
    await delay(20);
  }
  return false;
}

/** The first of as many ports in a row as a specimen has servers. */
function freePorts(): number {
  const span = PORTS.last - PORTS.first;
  for (;;) {
    const base = PORTS.first + Math.floor(Math.random() * span);
    const listeners: Deno.Listener[] = [];
    try {
      for (let port = base; port < base + SERVERS; port++) {
        listeners.push(Deno.listen({ hostname: HOSTNAME, port }));
      }
      return base;
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    } finally {
      for (const listener of listeners) listener.close();
    }
  }
}
