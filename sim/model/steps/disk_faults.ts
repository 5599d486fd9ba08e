/**
 * The list of disk faults.
 *
 * @module
 */
import {
  type DiskFaultKind,
  type DiskSettings,
  type DiskTrouble,
  NO_TROUBLE,
} from "../faults/disk_trouble.ts";
import { bitFlip } from "./bit_flip.ts";
import { diskFull } from "./disk_full.ts";
import { fsyncError } from "./fsync_error.ts";
import { slowDisk } from "./slow_disk.ts";
import { tornWrite } from "./torn_write.ts";

export const DISK_FAULTS = [
  diskFull,
  slowDisk,
  tornWrite,
  bitFlip,
  fsyncError,
] as const;

/** Whether a step, or a command, is a disk fault. */
export function isDiskFault<T extends { readonly kind: string }>(
  step: T,
): step is Extract<T, { readonly kind: DiskFaultKind }> {
  return DISK_FAULTS.some(({ kind }) => kind === step.kind);
}

/** Whether a fault ends when it has ended its server. */
export function endsServer(fault: string): boolean {
  return DISK_FAULTS.some((it) => it.kind === fault && it.endsServer === true);
}

/** The combined effect of several faults on one disk. */
export function troubleOf(
  faults: readonly DiskSettings[],
  seed: number,
): DiskTrouble {
  const troubles = faults.map(({ kind, delayMs = 0 }) =>
    DISK_FAULTS.find((it) => it.kind === kind)!.trouble(delayMs)
  );
  return Object.assign({ ...NO_TROUBLE, seed }, ...troubles);
}
