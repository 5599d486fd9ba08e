/**
 * The commands of a herd's prompt for links, clocks and places.
 *
 * @module
 */
import { DURATION_FORMS, OFFSET_FORMS } from "../duration.ts";
import { MISBEHAVIOURS } from "../faults/misbehaviour.ts";
import type { CommandKind } from "../steps/kind.ts";
import { STEP_COMMANDS, type StepCommand } from "../steps/kinds.ts";
import type { ServerCommand } from "../steps/server_fault.ts";
import { isFaultStep, type ProcessFault } from "../steps/server_faults.ts";
import { BYTES_FORMS } from "../topology/size.ts";

export type ServersCommand = ServerCommand<ProcessFault>;

export type FaultCommand =
  | Exclude<StepCommand, ServersCommand>
  | { readonly kind: "faults" };

/**
 * The syntax of each command, and what it does, in the words of Toxiproxy and
 * Jepsen.
 */
export const FAULT_COMMANDS = {
  ...STEP_COMMANDS,
  faults: {
    usage: "faults",
    does: "list the active faults",
    read: (words) => words.length > 0 ? undefined : { kind: "faults" },
  },
} as Readonly<
  Record<FaultCommand["kind"] | ProcessFault, CommandKind<FaultCommand>>
>;

/** What stands for the words in angle brackets. */
const FORMS: Readonly<Record<string, string>> = {
  "<time>": DURATION_FORMS,
  "<behaviour>": MISBEHAVIOURS.join("|"),
  "<offset>": OFFSET_FORMS,
  "<size>": BYTES_FORMS,
  "<percent>": "0 to 100",
};

/** The forms of a command's words, in brackets; empty if it has none. */
export function numberForms(usage: string): string {
  const told = Object.entries(FORMS)
    .filter(([word]) => usage.includes(word))
    .map(([word, forms]) => `${word}: ${forms}`);
  return told.length === 0 ? "" : ` (${told.join("; ")})`;
}

/** Whether it is the name of one that is not about a single server. */
export function isFaultCommand(word: string): word is FaultCommand["kind"] {
  return Object.hasOwn(FAULT_COMMANDS, word) && !isFaultStep({ kind: word });
}
