/**
 * The ports that submissions were assigned, and whether their servers keep to
 * them.
 *
 * @module
 */

/** By submission, the ports that its servers may listen on. */
export type AssignedPorts = Readonly<Record<string, readonly number[]>>;

const PORT_MAX = 65_535;
/** The name of the column, where a list has a first line with names. */
const HEADER = "submission";

/**
 * Reads a list: a line for each submission, its name and its ports, or ranges of
 * them, with commas between: `amy,12110-12114`.
 *
 * @param file What the list is called, in errors.
 * @throws {RangeError} If a line is none.
 */
export function readAssignedPorts(text: string, file: string): AssignedPorts {
  const all: Record<string, readonly number[]> = {};
  for (const [at, line] of text.split(/\r?\n/).entries()) {
    const [name = "", ...words] = line.split(",").map((word) => word.trim());
    if (line.trim() === "" || at === 0 && name === HEADER) continue;
    const ports = words.filter((word) => word !== "").map(portsOf);
    if (name === "" || ports.length === 0 || ports.includes(undefined)) {
      throw new RangeError(
        `${file}:${at + 1}: a line is a name and ports, as in ` +
          `"amy,12110-12114", not "${line}"`,
      );
    }
    all[name] = ports.flatMap((some) => some!);
  }
  return all;
}

function portsOf(word: string): number[] | undefined {
  const [, first, last = first] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(word) ?? [];
  const [from, to] = [Number(first), Number(last)];
  if (!(from >= 1 && from <= to && to <= PORT_MAX)) return undefined;
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

/** How the ports of servers compare with those that were assigned. */
export interface Compared {
  /** Servers that listen elsewhere, and where. */
  readonly strays: readonly string[];
  /** The same in words; nothing if all is well. */
  readonly notes: readonly string[];
}

/**
 * Compares.
 *
 * @param used By server, the port that it names itself; those that are told
 * which one to take have none.
 */
export function comparedPorts(
  submission: string,
  assigned: AssignedPorts,
  used: Readonly<Record<string, number>>,
): Compared {
  const own = Object.hasOwn(assigned, submission)
    ? assigned[submission]!
    : undefined;
  if (own === undefined) {
    return { strays: [], notes: [`no ports are assigned to ${submission}`] };
  }
  const strays = Object.entries(used)
    .filter(([, port]) => !own.includes(port))
    .map(([server, port]) => `${server} ${port}`);
  if (strays.length === 0) return { strays, notes: [] };
  const note = `ports that were not assigned: ${strays.join(", ")}; ` +
    `those that were: ${own.join(", ")}`;
  return { strays, notes: [note] };
}
