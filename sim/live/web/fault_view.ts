/**
 * An active fault as watchers are sent it.
 *
 * @module
 */
import { HARMS } from "../../model/steps/faults.ts";
import type { FaultView } from "../../model/web/batch.ts";
import { settingsText } from "../console/console_view.ts";
import type { FaultRecord } from "../faults/fault_book.ts";

export function faultView(
  { id, fault, left, settings, beganMs, touched }: FaultRecord,
): FaultView {
  const harm = HARMS[fault];
  const on = left.join(", ") || "nothing";
  return {
    id,
    fault,
    ...harm !== undefined && { harm },
    targets: left,
    text: `${fault} on ${on}${settingsText(fault, settings)}`,
    sinceMs: beganMs,
    touched,
  };
}
