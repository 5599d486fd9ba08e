/**
 * Parses AT lines as far as the page needs it.
 *
 * @module
 */

/** An AT line, and the fix in it. */
export interface AtLine {
  readonly line: string;
  readonly client: string;
  /** The server that received the fix from the client. */
  readonly server: string;
  /** Degrees, north positive. */
  readonly latitude: number;
  /** Degrees, east positive. */
  readonly longitude: number;
  /** The time of the fix, in the client's own digits. */
  readonly timeText: string;
}

const LINE = /^AT (\S+) \S+ (\S+) ([+-][\d.]+)([+-][\d.]+) (-?\d+(?:\.\d*)?)$/;

/** `undefined` if the line is not an AT line. */
export function readAtLine(line: string): AtLine | undefined {
  const [, server, client, latitude, longitude, timeText] = LINE.exec(line) ??
    [];
  if (client === undefined) return undefined;
  return {
    line,
    client,
    server: server!,
    latitude: Number(latitude),
    longitude: Number(longitude),
    timeText: timeText!,
  };
}

/**
 * Whether a fix is newer than another in the herd's order: by time as an exact
 * decimal, which a double is not, and for equal times by the AT line.
 */
export function isNewer(fix: AtLine, other: AtLine): boolean {
  const order = compareTimes(fix.timeText, other.timeText);
  return order > 0 || order === 0 && fix.line > other.line;
}

/** Compares decimals such as `1621464827.95`, of any length. */
export function compareTimes(a: string, b: string): number {
  const [isLessA, isLessB] = [a.startsWith("-"), b.startsWith("-")];
  if (isLessA !== isLessB) return isLessA ? -1 : 1;
  const [wholeA = "", restA = ""] = a.replace("-", "").split(".");
  const [wholeB = "", restB = ""] = b.replace("-", "").split(".");
  const whole = Math.max(wholeA.length, wholeB.length);
  const rest = Math.max(restA.length, restB.length);
  const textA = wholeA.padStart(whole, "0") + restA.padEnd(rest, "0");
  const textB = wholeB.padStart(whole, "0") + restB.padEnd(rest, "0");
  const order = textA < textB ? -1 : textA > textB ? 1 : 0;
  return isLessA ? -order : order;
}
