/**
 * This machine, through Deno: the default platform.
 *
 * @module
 */
import defer * as disks from "./deno_disk.ts";
import { denoNetwork } from "./deno_network.ts";
import type { OpenHub } from "./hub/hub.ts";
import defer * as nats from "./hub/nats.ts";
import defer * as packages from "./hub/nats_library.ts";
import type { Clock, Platform, Timer } from "./platform.ts";

/** How far the system's clock may differ before it counts as set. */
const STEP_MS = 5;
/** Minimum interval between checks for that. */
const LOOK_MS = 1;

/** The system's clock: milliseconds since the epoch, exactly. */
export function systemMs(): number {
  return Number(Temporal.Now.instant().epochNanoseconds) / 1e6;
}

/** The same without a fraction: quicker, and it takes a thread 0.2 MiB less. */
export function roughSystemMs(): number {
  return Date.now();
}

/** Sets timers; see {@linkcode Clock.after}. */
export type Timers = Pick<Clock, "after">;

const denoTimers: Timers = {
  after(ms, run) {
    const id = setTimeout(run, ms);
    return { cancel: () => clearTimeout(id) };
  },
};

/**
 * The clocks of this thread. The steady one begins with the system's time at
 * the start of the process; clocks of other threads agree with it to within
 * microseconds once they have its origin.
 */
export class DenoClock implements Clock {
  /**
   * Its reading when this thread had run for 0 ms. Reading
   * `performance.timeOrigin` takes longer than reading the time.
   */
  readonly originMs: number;
  readonly #timers: Timers;
  #wallOriginMs = performance.timeOrigin;
  #lookedMs = -Infinity;

  /**
   * A clock that agrees with that of another thread.
   *
   * @param originMs The reading of that clock when `performance.now()` of this
   * thread was 0; by default, the system's time then.
   * @param timers What sets its timers.
   */
  constructor(
    originMs: number = performance.timeOrigin,
    timers: Timers = denoTimers,
  ) {
    this.originMs = originMs;
    this.#timers = timers;
  }

  /**
   * Milliseconds since the epoch, unaffected by changes of the system's clock.
   */
  nowMs(): number {
    return this.originMs + performance.now();
  }

  wallMs(): number {
    const passedMs = performance.now();
    if (passedMs - this.#lookedMs >= LOOK_MS) this.#follow(passedMs);
    return this.#wallOriginMs + passedMs;
  }

  /** Takes an exact reading only when the clock was set. */
  #follow(passedMs: number): void {
    this.#lookedMs = passedMs;
    const offMs = roughSystemMs() - this.#wallOriginMs - passedMs;
    if (Math.abs(offMs) < STEP_MS) return;
    this.#wallOriginMs = systemMs() - performance.now();
  }

  after(ms: number, run: () => void): Timer {
    return this.#timers.after(ms, run);
  }

  immediate(run: () => void): void {
    // An import would load Node's timers in each thread that never needs them.
    // deno-lint-ignore no-node-globals
    setImmediate(run);
  }
}

const HMAC = { name: "HMAC", hash: "SHA-256" };

/** Opens sessions with NATS servers. */
export const openNats: OpenHub = (...asked) =>
  nats.natsHub(packages.natsLibrary)(...asked);

export const denoPlatform: Platform = denoPlatformBy(new DenoClock());

/** This machine with the given clock. */
export function denoPlatformBy(clock: Clock): Platform {
  return {
    clock,
    network: denoNetwork,
    disk: { open: (path) => disks.denoDiskBy(clock).open(path) },
    openHub: openNats,
    randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
    async hmac(key, text) {
      const signer = await crypto.subtle
        .importKey("raw", key, HMAC, false, ["sign"]);
      return new Uint8Array(await crypto.subtle.sign(HMAC, signer, text));
    },
  };
}
