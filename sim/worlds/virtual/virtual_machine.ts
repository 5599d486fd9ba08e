/**
 * A machine of a virtual world, with what runs on it: it can stand still, and it
 * can end at any moment, and then nothing of it happens any more.
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

/** Timers are late by up to so much. */
const TIMER_LATE_MS = 1;
/** After its end, the system closes what it had open by then. */
const CLOSING_MS_MAX = 2;

/** What joins machines. */
export interface MachineNetwork {
  /** Listens, on a machine. */
  listen(machine: VirtualMachine, address: Address): TcpListener;
  /** Connects, from a machine. */
  connect(
    machine: VirtualMachine,
    address: Address,
    signal?: AbortSignal,
  ): Promise<Connection>;
  /** Binds a port of datagrams, on a machine. */
  bindDatagrams(
    machine: VirtualMachine,
    address: Address,
    hear: (bytes: Uint8Array, from: Address) => void,
  ): Promise<DatagramSocket>;
  /** Asks web services, from a machine. */
  webClient(machine: VirtualMachine): WebClient;
}

/** A hub that machines have, if there is one. */
export interface MachineHub {
  /** What opens sessions, for a machine. */
  openFor(machine: VirtualMachine): OpenHub | undefined;
}

/** What outlasts machines. */
export interface MachineDisks {
  /** The disk of a machine. */
  of(machine: VirtualMachine): Disk;
}

/** What a machine has open, and what becomes of it at its end. */
export interface Open {
  /** The system closes it: nobody who waits for it hears of that. */
  abandon(): void;
}

/** A machine, from its beginning to its end. */
export class VirtualMachine {
  /** What runs on it asks this. */
  readonly platform: Platform;
  /** By how much its clock for people is wrong. */
  skew: Skew = NO_SKEW;
  /** Gets an error that nothing on it has caught; by default it ends the run. */
  onBug: ((error: unknown) => void) | undefined;
  readonly time: VirtualTime;
  readonly #random: Random;
  readonly #disk: TroubledDisk | undefined;
  readonly #open = new Set<Open>();
  /** What waits until it goes on. */
  readonly #held = new Set<() => void>();
  #isPaused = false;
  #isOver = false;

  /**
   * It runs.
   *
   * @param random What it draws, and how late its timers are.
   */
  constructor(
    time: VirtualTime,
    network: MachineNetwork,
    random: Random,
    disks?: MachineDisks,
    hub?: MachineHub,
  ) {
    this.time = time;
    this.#random = random;
    const clock = this.#clock();
    this.#disk = disks && new TroubledDisk(disks.of(this), clock);
    const openHub = hub?.openFor(this);
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

  /** What is wrong with its disk from now on. */
  set trouble(trouble: DiskTrouble) {
    if (this.#disk) this.#disk.trouble = trouble;
  }

  #clock(): Clock {
    const { time } = this;
    return {
      nowMs: () => time.nowMs,
      wallMs: () =>
        this.skew === NO_SKEW
          ? time.nowMs
          : skewedMs(this.skew, time.nowMs, time.nowMs),
      after: (ms, run) =>
        this.after(ms + this.#random.fraction() * TIMER_LATE_MS, run),
      immediate: (run) => void this.after(0, run),
    };
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

  /** Has something happen on it, so many milliseconds from now. */
  after(ms: number, run: () => void): Timer {
    let isCancelled = false;
    const timer = this.time.after(
      ms,
      () => this.run(() => isCancelled || run()),
    );
    return {
      cancel: () => {
        isCancelled = true;
        timer.cancel();
      },
    };
  }

  /** Has it do something: now; once it goes on; or never. */
  run(act: () => void): void {
    if (this.#isOver) return;
    if (this.#isPaused) {
      this.#held.add(act);
      return;
    }
    try {
      act();
    } catch (error) {
      if (this.onBug === undefined) throw error;
      this.onBug(error);
    }
  }

  /** It stands still; what it has open stays so. */
  pause(): void {
    this.#isPaused = true;
  }

  /** It goes on, with what it has missed, one thing after the other. */
  resume(): void {
    this.#isPaused = false;
    const held = [...this.#held];
    this.#held.clear();
    for (const act of held) this.time.after(0, () => this.run(act));
  }

  /** Takes note of what it has open. */
  opened(it: Open): void {
    this.#open.add(it);
  }

  /** It has open no longer. */
  closed(it: Open): void {
    this.#open.delete(it);
  }

  /** It does nothing any more, from now on; soon after, all that it had is closed. */
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
