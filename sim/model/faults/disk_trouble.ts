/**
 * A disk that does something else than it is asked for.
 *
 * @module
 */

/** What a disk may do, in one word each. */
export const DISK_FAULT_KINDS = [
  "disk_full",
  "slow_disk",
  "torn_write",
  "bit_flip",
  "fsync_error",
] as const;

/** What a disk may do. */
export type DiskFaultKind = typeof DISK_FAULT_KINDS[number];

/** How a disk is to go wrong. */
export interface DiskSettings {
  /** What it does. */
  readonly kind: DiskFaultKind;
  /** Milliseconds that all takes longer, for `slow_disk`. */
  readonly delayMs?: number;
}

/** What is wrong with a server's disk, all at once. */
export interface DiskTrouble {
  /** It has no room left. */
  readonly isFull: boolean;
  /** Milliseconds that each write and each sync takes longer. */
  readonly delayMs: number;
  /** A sync fails. */
  readonly failsSync: boolean;
  /** Of what is not synced a part is lost with the server, from some byte on. */
  readonly tears: boolean;
  /** A bit of each file is read turned, in the older half of it. */
  readonly flips: boolean;
  /** What is left to chance follows from it. */
  readonly seed: number;
}

/** Nothing is wrong. */
export const NO_TROUBLE: DiskTrouble = {
  isFull: false,
  delayMs: 0,
  failsSync: false,
  tears: false,
  flips: false,
  seed: 0,
};
