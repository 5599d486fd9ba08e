/**
 * The proxy on a link for one of the two servers that dial: it listens at the
 * address that the dialler has for its neighbour, and passes everything on.
 *
 * @module
 */
import type { Address, Clock, Timer } from "../../../herd/net/platform.ts";
import type { ByteString } from "../../../herd/core/bytes/bytes.ts";
import { HandshakeWatch } from "../../model/link/altered.ts";
import type { DirectionFaults } from "../../model/link/direction_faults.ts";
import type {
  LinkListener,
  LinkSocket,
  LinkSockets,
} from "../../worlds/host.ts";
import { type Direction, Flow, type FlowWatcher } from "./flow.ts";

/** What proxies run on. */
export interface ProxyPlatform {
  readonly clock: Clock;
  readonly sockets: LinkSockets;
}

/** What a proxy joins. */
export interface LinkEnds extends ProxyPlatform {
  /** From the server that dials to its neighbour. */
  readonly forth: Direction;
  /** The other direction. */
  readonly back: Direction;
  /** Where the neighbour listens. */
  readonly target: Address;
}

export class LinkProxy {
  readonly #ends: LinkEnds;
  #listener: LinkListener | undefined;
  #isClosed = false;
  #isRefusing = false;
  readonly #connections = new Set<Connection>();

  /** Does not listen yet. */
  constructor(ends: LinkEnds) {
    this.#ends = ends;
  }

  /** Listens on a free port, and returns it. */
  async listen(hostname: string): Promise<number> {
    const accept = (dialler: LinkSocket) => this.#accept(dialler);
    this.#listener = await this.#ends.sockets.listen(hostname, accept);
    if (this.#isClosed) this.#listener.close();
    return this.#listener.port;
  }

  #accept(dialler: LinkSocket): void {
    // It connected just before the port was closed.
    if (this.#isRefusing) return void dialler.resetAndDestroy();
    this.#ends.forth.traffic.connections++;
    const connection = new Connection(this.#ends, dialler);
    this.#connections.add(connection);
    connection.onDone = () => this.#connections.delete(connection);
    connection.pump();
  }

  /** Sends what may pass now; called when a fault has begun or ended. */
  pump(): void {
    for (const connection of this.#connections) connection.pump();
  }

  /**
   * Refuses dials if a fault in either direction asks for it, because a
   * connection needs both; open connections are reset. Otherwise takes
   * connections again. Returns a promise only if this changes.
   */
  mirrorRefusal(): Promise<void> | undefined {
    const { forth, back } = this.#ends;
    const isRefusing = forth.faults.refuses || back.faults.refuses;
    if (isRefusing === this.#isRefusing) return undefined;
    this.#isRefusing = isRefusing;
    if (isRefusing) {
      forth.faults.touchRefusing();
      back.faults.touchRefusing();
      for (const connection of this.#connections) connection.touchHolding();
      this.reset();
    }
    return Promise.resolve(this.#listener?.refuse(isRefusing));
  }

  /** Resets all connections (RST), and returns how many. */
  reset(): number {
    const all = [...this.#connections];
    for (const connection of all) connection.reset();
    return all.length;
  }

  /** Closes the port and all connections. */
  close(): void {
    this.#isClosed = true;
    this.#listener?.close();
    for (const connection of this.#connections) connection.reset();
  }
}

/** A connection: two sockets, and a flow in each direction. */
class Connection {
  onDone: () => void = () => {};
  readonly #ends: LinkEnds;
  readonly #dialler: LinkSocket;
  readonly #handshake = new HandshakeWatch();
  readonly #forth: Flow;
  #neighbour: LinkSocket | undefined;
  #back: Flow | undefined;
  #timeout: Timer | undefined;
  readonly #beganMs: number;

  constructor(ends: LinkEnds, dialler: LinkSocket) {
    this.#ends = ends;
    this.#beganMs = ends.clock.nowMs();
    this.#dialler = dialler;
    const watcher = this.#watcherOf(
      ends.forth,
      (line) => this.#handshake.seeDialler(line),
    );
    this.#forth = new Flow(ends.forth, dialler, watcher);
  }

  #watcherOf(
    { onAltered }: Direction,
    onFirstLine: (line: ByteString) => void,
  ): FlowWatcher {
    return {
      connectedMs: this.#beganMs,
      onDone: () => this.#onFlowDone(),
      onFirstLine,
      onAltered: (outcome) => {
        const { connection } = this.#handshake;
        if (connection !== undefined) onAltered(connection, outcome);
      },
    };
  }

  /** The faults of both directions. */
  get #faults(): DirectionFaults[] {
    return [this.#ends.forth.faults, this.#ends.back.faults];
  }

  /**
   * A connection needs both directions, so a dial waits until neither is cut.
   */
  pump(): void {
    this.#watchTimeout();
    if (this.#neighbour === undefined && !this.#forth.isDone) {
      const isHeld = this.#faults.some((it) => it.isHeld(this.#beganMs));
      if (!isHeld) return this.#connect();
      this.touchHolding();
    }
    this.#forth.pump();
    this.#back?.pump();
  }

  /** Counts the connection as touched by the faults that hold it. */
  touchHolding(): void {
    for (const faults of this.#faults) faults.touchHolding(this.#beganMs);
  }

  #connect(): void {
    const { sockets, back, target } = this.#ends;
    const neighbour = this.#neighbour = sockets.connect(target);
    const watcher = this.#watcherOf(
      back,
      (line) => this.#handshake.seeNeighbour(line),
    );
    this.#back = new Flow(back, neighbour, watcher);
    this.#back.open(this.#dialler);
    neighbour.on("connect", () => this.#forth.open(neighbour));
  }

  /** A fault may close a connection that it has held for some time. */
  #watchTimeout(): void {
    this.#timeout?.cancel();
    const { clock } = this.#ends;
    const closing = this.#faults.flatMap((faults) => faults.closing);
    if (closing.length === 0) return;
    const leftMs = Math.min(...closing.map(({ beganMs, afterMs }) => {
      const sinceMs = Math.max(beganMs, this.#beganMs);
      return sinceMs + afterMs - clock.nowMs();
    }));
    const close = () => {
      for (const { touch } of closing) touch();
      this.#dialler.destroy();
      this.#neighbour?.destroy();
    };
    this.#timeout = clock.after(Math.max(0, leftMs), close);
  }

  reset(): void {
    this.#dialler.resetAndDestroy();
    this.#neighbour?.resetAndDestroy();
  }

  #onFlowDone(): void {
    const isDone = this.#forth.isDone && (this.#back?.isDone ?? true);
    if (!isDone) return;
    this.#timeout?.cancel();
    // Data just written is still to be delivered; the other side closes soon.
    for (const socket of [this.#dialler, this.#neighbour]) {
      if (socket?.writableEnded === false) socket.destroy();
    }
    this.onDone();
  }
}
