/**
 * This machine, as Deno gives it: the platform of whatever is told no other.
 *
 * @module
 */
import { setImmediate } from "node:timers";
import { denoDisk } from "./deno_disk.ts";
import { denoNetwork } from "./deno_network.ts";
import { openNats } from "./hub/nats.ts";
import type { Clock, Platform, Timer } from "./platform.ts";

/** By so much the system's clock may differ before it counts as set. */
const STEP_MS = 5;
/** How often that is looked for, at most. */
const LOOK_MS = 1;

class Timeout implements Timer {
  readonly #id: ReturnType<typeof setTimeout>;

  constructor(ms: number, run: () => void) {
    this.#id = setTimeout(run, ms);
  }

  cancel(): void {
    clearTimeout(this.#id);
  }
}

/**
 * The clocks of this thread. The steady one begins as the system's has it when
 * the process does; those of other threads agree with it to microseconds once
 * they have been given their origin.
 */
export class DenoClock implements Clock {
  /**
   * What it tells when this thread has run for 0 ms. To ask for
   * `performance.timeOrigin` takes longer than to ask for the time.
   */
  readonly originMs: number;
  #wallOriginMs = performance.timeOrigin;
  #lookedMs = -Infinity;

  /**
   * A clock that agrees with that of another thread.
   *
   * @param originMs What that one was when `performance.now()` of this thread was
   * 0; by default, what the system's was.
   */
  constructor(originMs: number = performance.timeOrigin) {
    this.originMs = originMs;
  }

  /** Milliseconds since the epoch, whatever becomes of the system's clock. */
  nowMs(): number {
    return this.originMs + performance.now();
  }

  wallMs(): number {
    const passedMs = performance.now();
    if (passedMs - this.#lookedMs >= LOOK_MS) this.#follow(passedMs);
    return this.#wallOriginMs + passedMs;
  }

  /** `Date.now()` is quick but has no fraction; what has one is asked when needed. */
  #follow(passedMs: number): void {
    this.#lookedMs = passedMs;
    if (Math.abs(Date.now() - this.#wallOriginMs - passedMs) < STEP_MS) return;
    const { epochNanoseconds } = Temporal.Now.instant();
    this.#wallOriginMs = Number(epochNanoseconds) / 1e6 - performance.now();
  }

  after(ms: number, run: () => void): Timer {
    return new Timeout(ms, run);
  }

  immediate(run: () => void): void {
    setImmediate(run);
  }
}

const HMAC = { name: "HMAC", hash: "SHA-256" };

export const denoPlatform: Platform = denoPlatformBy(new DenoClock());

/** This machine, by a clock of its own. */
export function denoPlatformBy(clock: Clock): Platform {
  return {
    clock,
    network: denoNetwork,
    disk: denoDisk,
    openHub: openNats,
    randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
    async hmac(key, text) {
      const signer = await crypto.subtle
        .importKey("raw", key, HMAC, false, ["sign"]);
      return new Uint8Array(await crypto.subtle.sign(HMAC, signer, text));
    },
  };
}
