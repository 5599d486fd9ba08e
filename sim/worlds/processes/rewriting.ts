/**
 * Copies of a folder, one for each server, in which other ports stand than those
 * that its program names. Each copy has its own: by them it is known which server
 * dials, and a program that can't be told where its neighbours are finds a proxy
 * in their place.
 *
 * @module
 */
import {
  bytesOf,
  type ByteString,
  byteString,
} from "../../../herd/core/bytes/bytes.ts";
import type { Platform } from "../../../herd/net/platform.ts";
import { delay } from "../../../herd/net/timing.ts";
import { copyFolder } from "./folder_copy.ts";
import type { Guarded, ProgramWatcher } from "./guarded.ts";
import type { Hosts } from "./hosts.ts";
import { PortLease, STAND_INS } from "../port_lease.ts";
import { blocksOf } from "./port_blocks.ts";
import {
  portsIn,
  type StandIn,
  withHosts,
  withPorts,
} from "./port_literals.ts";
import { NotNow, seenPort } from "./seen_port.ts";

/** What is larger is no source. */
const TEXT_BYTES_MAX = 1_048_576;
const [HTTP, HTTPS] = [80, 443];
/** For so long a port is waited for that another has. */
const TAKEN_MS = 15_000;
const RETRY_MS = 500;

/** What is rewritten, and where that goes. */
export interface RewritingOptions {
  readonly platform: Platform;
  /** The folder that is copied. */
  readonly folder: string;
  /** Where the copies go. */
  readonly into: string;
  /** Hosts that servers may ask, and which ports of loopback stand for theirs. */
  readonly hosts: Hosts;
  /** The ports that servers are known to mean; others are seen. */
  readonly ports: Readonly<Record<string, number>>;
  /** Runs a server of a name in a folder. */
  readonly run: (
    name: string,
    folder: string,
    watcher: ProgramWatcher,
  ) => Guarded;
  /** Hears, in words, what was found out. */
  readonly onFound: (text: string) => void;
}

/** One server's copy. */
interface Copy {
  readonly folder: string;
  /** By the port that a program names, the one that stands there instead. */
  readonly ports: ReadonlyMap<number, number>;
  /** By the port that stands there, the port of loopback for a host. */
  readonly hosts: Readonly<Record<number, number>>;
}

/** Those that are seen now; two at a time could want the same port. */
let seeing: Promise<unknown> = Promise.resolve();

/** The copies of a herd's servers. */
export class Rewriting implements AsyncDisposable {
  readonly #options: RewritingOptions;
  readonly #copies = new Map<string, Copy>();
  readonly #named: Map<string, number>;
  readonly #ports: PortLease;
  readonly #over = new AbortController();
  #preparing: Promise<unknown> = Promise.resolve();

  /** None yet. */
  constructor(options: RewritingOptions) {
    this.#options = options;
    this.#ports = new PortLease(options.platform, STAND_INS);
    this.#named = new Map(Object.entries(options.ports));
  }

  /**
   * Makes the copies of servers that have none.
   *
   * @throws {RangeError} If it can't be known which ports they mean.
   */
  async prepare(names: readonly string[]): Promise<void> {
    const preparing = this.#prepare(names);
    this.#preparing = Promise.allSettled([this.#preparing, preparing]);
    await preparing;
  }

  async #prepare(names: readonly string[]): Promise<void> {
    this.#over.signal.throwIfAborted();
    const unseen = names.filter((name) => !this.#named.has(name));
    if (unseen.length > 0) {
      const turn = seeing.then(() => this.#see(unseen));
      seeing = turn.catch(() => {});
      await turn;
    }
    for (const name of names) {
      if (!this.#copies.has(name)) {
        this.#copies.set(name, await this.#copy(name));
      }
    }
  }

  async #see(names: readonly string[]): Promise<void> {
    const found = await Promise.allSettled(
      names.map((name) => this.#seeOne(name)),
    );
    for (const [at, one] of found.entries()) {
      if (one.status === "fulfilled") continue;
      if (!(one.reason instanceof RangeError)) throw one.reason;
      const { message } = one.reason;
      const mend = one.reason instanceof NotNow
        ? "; free it, or say in herd.yaml which it is (ports)"
        : "";
      throw new RangeError(
        `the port of ${names[at]} can't be seen: ${message}${mend}`,
      );
    }
    const ports = names.map((name) => `${name} ${this.#named.get(name)}`);
    this.#options.onFound(`ports: ${ports.join(", ")}`);
  }

  async #seeOne(name: string): Promise<void> {
    const { platform: { clock }, run, folder, into } = this.#options;
    const endMs = clock.nowMs() + TAKEN_MS;
    for (let tries = 1;; tries++) {
      // What a program leaves behind when it is started is none of its copy.
      const trial = `${into}/${name}.${tries}`;
      await copyFolder(folder, trial, this.#over.signal);
      try {
        this.#over.signal.throwIfAborted();
        const port = await seenPort((it) => run(name, trial, it), clock);
        return void this.#named.set(name, port);
      } catch (error) {
        // Another herd may have it for a while, of this process even.
        const again = error instanceof NotNow && clock.nowMs() < endMs;
        if (!again) throw error;
        await delay(clock, RETRY_MS, this.#over.signal);
      } finally {
        await Deno.remove(trial, { recursive: true });
      }
    }
  }

  async #copy(name: string): Promise<Copy> {
    const { folder: from, into, hosts } = this.#options;
    const ports = new Map<number, number>();
    for (const { first, count } of blocksOf(this.#named.values())) {
      const given = this.#ports.take(count, true);
      given.forEach((port, at) => ports.set(first + at, port));
    }
    const standIns = new Map<string, StandIn>();
    const ways: Record<number, number> = {};
    for (const [host, of] of Object.entries(hosts)) {
      const [http = 0] = this.#ports.take(1);
      ways[http] = of[HTTP]!;
      if (of[HTTPS] === undefined) standIns.set(host, { http });
      else {
        const [https = 0] = this.#ports.take(1);
        ways[https] = of[HTTPS];
        standIns.set(host, { http, https });
      }
    }
    // Go speaks TLS only if its URL says so, and on macOS trusts no file.
    const plain = new Map(
      [...standIns].map(([host, { http }]) => [host, { http }]),
    );
    const folder = `${into}/${name}`;
    await copyFolder(from, folder, this.#over.signal);
    const known = new Set(this.#named.values());
    const meant = new Map([...ports].filter(([port]) => known.has(port)));
    let namesAny = false;
    await rewriteFolder(folder, (text, path) => {
      this.#over.signal.throwIfAborted();
      namesAny ||= portsIn(text).intersection(known).size > 0;
      const given = path.endsWith(".go") ? plain : standIns;
      return withHosts(withPorts(text, meant), given);
    });
    if (namesAny) return { folder, ports, hosts: ways };
    throw new RangeError(
      `no text of its folder names a port of ${[...known].join(", ")}: ` +
        "have it take {port} and {peers_json} as arguments",
    );
  }

  /** The folder that a server runs in. */
  folderOf(name: string): string {
    return this.#copyOf(name).folder;
  }

  /** What stands in a server's copy for a port. */
  standsFor(name: string, port: number): number {
    return this.#copyOf(name).ports.get(port) ?? port;
  }

  /** The port that a server means by one of its copy, if it is one of these. */
  meantBy(name: string, port: number): number | undefined {
    for (const [meant, stands] of this.#copyOf(name).ports) {
      if (stands === port) return meant;
    }
    return undefined;
  }

  /** The port that a server means to listen on. */
  portOf(name: string): number | undefined {
    return this.#named.get(name);
  }

  /** By a port of a server's copy, the port of loopback for a host. */
  hostsOf(name: string): Readonly<Record<number, number>> {
    return this.#copyOf(name).hosts;
  }

  /** All ports of all copies: nobody else is to come to know them. */
  get all(): number[] {
    return [...this.#copies.values()].flatMap(({ ports }) => [
      ...ports.values(),
    ]);
  }

  #copyOf(name: string): Copy {
    const copy = this.#copies.get(name);
    if (copy === undefined) throw new TypeError(`${name} has no copy yet`);
    return copy;
  }

  /** Ends what is being copied, and gives the ports back. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#over.abort(new Error("its herd has ended"));
    await this.#preparing;
    this.#ports[Symbol.dispose]();
  }
}

/** Has what is a text become another one, in a folder and all below it. */
export async function rewriteFolder(
  folder: string,
  change: (text: ByteString, path: string) => ByteString,
): Promise<void> {
  for await (const { name, isDirectory, isFile } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    // What a link leads to may be the submission's own.
    if (isDirectory) await rewriteFolder(path, change);
    if (!isFile) continue;
    const { mode, size } = await Deno.stat(path);
    if (size > TEXT_BYTES_MAX) continue;
    const text = byteString(await Deno.readFile(path));
    const changed = text.includes("\0") ? text : change(text, path);
    if (changed === text) continue;
    // It may be one that nobody may write.
    await Deno.remove(path);
    await Deno.writeFile(path, bytesOf(changed), {
      ...mode !== null && { mode: mode & 0o777 },
    });
  }
}
