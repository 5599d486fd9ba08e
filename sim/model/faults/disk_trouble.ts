/**
 * A disk that misbehaves.
 *
 * @module
 */

/** The kinds of misbehaviour; a type of its own, since users import it. */
export type DiskFaultKind =
  | "disk_full"
  | "slow_disk"
  | "torn_write"
  | "bit_flip"
  | "fsync_error";

/** How a disk misbehaves. */
export interface DiskSettings {
  readonly kind: DiskFaultKind;
  /** Extra milliseconds for each operation, of `slow_disk`. */
  readonly delayMs?: number;
}

/** All current faults of a server's disk. */
export interface DiskTrouble {
  readonly isFull: boolean;
  /** Extra milliseconds for each write and each sync. */
  readonly delayMs: number;
  readonly failsSync: boolean;
  /** Whether a random part of unsynced data is lost with the server. */
  readonly tears: boolean;
  /** Whether a bit in the older half of each file is flipped when read. */
  readonly flips: boolean;
  /** Seed of random choices. */
  readonly seed: number;
}

/** What the error of a sync that was made to fail says. */
export const SYNC_FAILED = "Input/output error";

export const NO_TROUBLE: DiskTrouble = {
  isFull: false,
  delayMs: 0,
  failsSync: false,
  tears: false,
  flips: false,
  seed: 0,
};

/**
 * Whether a server has ended by such trouble, by its last words: whoever ends
 * while a disk fails may have another reason.
 */
export function hasEndedBy(
  trouble: DiskTrouble | undefined,
  why: string,
): boolean {
  return trouble?.failsSync === true && why.includes(SYNC_FAILED);
}
