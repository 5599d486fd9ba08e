/**
 * A machine of a virtual world: it can be paused, and it can end at any moment,
 * after which nothing happens on it any more.
 *
 * @module
 */
import {
  type DiskTrouble,
  NO_TROUBLE,
} from "../../model/faults/disk_trouble.ts";
import { TroubledDisk } from "../troubled_disk.ts";
import type { Disk } from "../../../herd/net/disk.ts";
import type { OpenHub } from "../../../herd/net/hub/hub.ts";
import type {
  Address,
  Clock,
  Connection,
  DatagramSocket,
  Platform,
  TcpListener,
  Timer,
  WebClient,
} from "../../../herd/net/platform.ts";
import { NO_SKEW, type Skew, skewedMs } from "../../model/faults/skew.ts";
import type { Random } from "../../model/random.ts";
import { hmacNow } from "./engine.ts";
import type { VirtualTime } from "./virtual_time.ts";

/** Timers are up to this late. */
const TIMER_LATE_MS = 1;
/** After its end, the system closes what was open within this time. */
const CLOSING_MS_MAX = 2;

/** The network between machines. */
export interface MachineNetwork {
  /** Listens, on a machine. */
  listen(machine: VirtualMachine, address: Address): TcpListener;
  /** Connects, from a machine. */
  connect(
    machine: VirtualMachine,
    address: Address,
    signal?: AbortSignal,
  ): Promise<Connection>;
  /** Binds a port for datagrams, on a machine. */
  bindDatagrams(
    machine: VirtualMachine,
    address: Address,
    hear: (bytes: Uint8Array, from: Address) => void,
  ): Promise<DatagramSocket>;
  /** A client of web services, on a machine. */
  webClient(machine: VirtualMachine): WebClient;
}

/** The disks, which outlast machines. */
export interface MachineDisks {
  of(machine: VirtualMachine): Disk;
}

/** Something that a machine has open. */
export interface Open {
  /**
   * The system closes it at the machine's end; those who wait for it are not
   * told.
   */
  abandon(): void;
}

/** A simulated machine. */
export class VirtualMachine {
  /** The platform of what runs on it. */
  readonly platform: Platform;
  /** By how much its wall clock is wrong. */
  skew: Skew = NO_SKEW;
  /**
   * Called with an uncaught error of what runs on it; by default the error ends
   * the run.
   */
  onBug: ((error: unknown) => void) | undefined;
  readonly time: VirtualTime;
  /** Milliseconds that pass for it whenever it looks at its clock. */
  workMs = 0;
  /** Until when it is at work. */
  #busyUntilMs = 0;
  readonly #random: Random;
  readonly #disk: TroubledDisk | undefined;
  readonly #open = new Set<Open>();
  /** What waits until the machine is resumed. */
  readonly #held = new Set<() => void>();
  #isPaused = false;
  #isOver = false;

  /**
   * @param random Decides what it draws, and how late its timers are.
   * @param openHubFor What opens sessions with the hub, if there is one.
   */
  constructor(
    time: VirtualTime,
    network: MachineNetwork,
    random: Random,
    disks?: MachineDisks,
    openHubFor?: (machine: VirtualMachine) => OpenHub | undefined,
  ) {
    this.time = time;
    this.#random = random;
    const clock = this.#clock();
    this.#disk = disks && new TroubledDisk(disks.of(this), clock);
    const openHub = openHubFor?.(this);
    this.platform = {
      clock,
      network: {
        listen: (address) => network.listen(this, address),
        connect: (address, signal) => network.connect(this, address, signal),
        bindDatagrams: (address, hear) =>
          network.bindDatagrams(this, address, hear),
      },
      ...this.#disk && { disk: this.#disk },
      ...openHub && { openHub },
      webClient: () => network.webClient(this),
      randomBytes: (count) => this.#randomBytes(count),
      hmac: (key, text) => Promise.resolve(hmacNow(key, text)),
    };
  }

  get trouble(): DiskTrouble {
    return this.#disk?.trouble ?? NO_TROUBLE;
  }

  /** Sets how its disk fails from now on. */
  set trouble(trouble: DiskTrouble) {
    if (this.#disk) this.#disk.trouble = trouble;
  }

  #clock(): Clock {
    return {
      nowMs: () => this.#look(),
      wallMs: () =>
        this.skew === NO_SKEW
          ? this.nowMs
          : skewedMs(this.skew, this.nowMs, this.nowMs),
      after: (ms, run) =>
        this.after(ms + this.#random.fraction() * TIMER_LATE_MS, run),
      immediate: (run) => void this.after(0, run),
    };
  }

  /** The time on it: while it is at work, that is ahead of its events. */
  get nowMs(): number {
    return Math.max(this.time.nowMs, this.#busyUntilMs);
  }

  /** Ahead of the world's, a kill could come before what it ended. */
  observedMs(): number {
    this.#look();
    return this.time.nowMs;
  }

  #look(): number {
    if (this.workMs > 0) this.#busyUntilMs = this.nowMs + this.workMs;
    return this.nowMs;
  }

  #randomBytes(count: number): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(count);
    for (let i = 0; i < count; i++) bytes[i] = this.#random.below(256);
    return bytes;
  }

  /** Whether it has ended. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Runs something on it, after so many milliseconds. */
  after(ms: number, run: () => void): Timer {
    let isCancelled = false;
    const timer = this.time.at(
      this.nowMs + Math.max(0, ms),
      () => this.run(() => isCancelled || run()),
    );
    return {
      cancel: () => {
        isCancelled = true;
        timer.cancel();
      },
    };
  }

  /**
   * Runs something on it: now, once it has done its work, once it is resumed,
   * or never if it has ended.
   */
  run(act: () => void): void {
    if (this.#isOver) return;
    if (this.#isPaused) {
      this.#held.add(act);
      return;
    }
    if (this.#busyUntilMs > this.time.nowMs) {
      this.time.at(this.#busyUntilMs, () => this.run(act));
      return;
    }
    try {
      act();
    } catch (error) {
      if (this.onBug === undefined) throw error;
      this.onBug(error);
    }
  }

  /** Stops running anything; what is open stays open. */
  pause(): void {
    this.#isPaused = true;
  }

  /** Goes on, with what it has missed in order. */
  resume(): void {
    this.#isPaused = false;
    const held = [...this.#held];
    this.#held.clear();
    for (const act of held) this.time.after(0, () => this.run(act));
  }

  /** Registers something as open. */
  opened(it: Open): void {
    this.#open.add(it);
  }

  /** Removes it from what is open. */
  closed(it: Open): void {
    this.#open.delete(it);
  }

  /** Ends the machine at once; what it had open is closed soon after. */
  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#held.clear();
    const ms = this.#random.fraction() * CLOSING_MS_MAX;
    this.time.after(ms, () => {
      for (const it of this.#open) it.abandon();
      this.#open.clear();
    });
  }
}
