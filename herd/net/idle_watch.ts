/**
 * Closes connections that have been silent for too long.
 *
 * All are checked together, now and then. So a line costs only its count, and a
 * long silence needs no timer of its own.
 *
 * @module
 */
import type { Channel } from "./channel.ts";
import type { Timer } from "./platform.ts";
import type { ServerParts } from "./server_parts.ts";

/** Interval of checks, as a part of the allowed time, and its bounds. */
const LOOK_PART = 1 / 60;
const LOOK_MS_MAX = 60_000;

interface Seen {
  lines: number;
  sinceMs: number;
}

/** What the watch needs from its server. */
type IdleParts = Pick<ServerParts, "clock" | "limits" | "limitLog">;

/** Watches connections that have sent a first line. */
export class IdleWatch {
  readonly #parts: IdleParts;
  readonly #seen = new Map<Channel, Seen>();
  #timer: Timer | undefined;

  constructor(parts: IdleParts) {
    this.#parts = parts;
  }

  add(channel: Channel): void {
    const sinceMs = this.#parts.clock.nowMs();
    this.#seen.set(channel, { lines: channel.lines.count, sinceMs });
    this.#arm();
  }

  delete(channel: Channel): void {
    this.#seen.delete(channel);
    if (this.#seen.size === 0) this.stop();
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #arm(): void {
    const { clock, limits: { idleMsMax } } = this.#parts;
    const ms = Math.min(Math.ceil(idleMsMax * LOOK_PART), LOOK_MS_MAX);
    this.#timer ??= clock.after(ms, () => this.#look());
  }

  #look(): void {
    this.#timer = undefined;
    const now = this.#parts.clock.nowMs();
    for (const [channel, seen] of this.#seen) {
      const { count } = channel.lines;
      if (count !== seen.lines) {
        seen.lines = count;
        seen.sinceMs = now;
      } else if (now - seen.sinceMs >= this.#parts.limits.idleMsMax) {
        this.#seen.delete(channel);
        const fields = { client: channel.address };
        this.#parts.limitLog.met("idle", fields, { level: "info" });
        channel.close();
      }
    }
    if (this.#seen.size > 0) this.#arm();
  }
}
