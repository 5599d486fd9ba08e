/**
 * What an AT line tells, as the page needs it.
 *
 * @module
 */

/** A fix, as an AT line tells it. */
export interface AtLine {
  /** The client. */
  readonly client: string;
  /** The server that the client told it. */
  readonly server: string;
  /** Degrees, north positive. */
  readonly latitude: number;
  /** Degrees, east positive. */
  readonly longitude: number;
  /** When it was, in the client's own digits. */
  readonly timeText: string;
}

const LINE = /^AT (\S+) \S+ (\S+) ([+-][\d.]+)([+-][\d.]+) (-?\d+(?:\.\d*)?)$/;

/** Reads an AT line; `undefined`: it is none. */
export function readAtLine(line: string): AtLine | undefined {
  const [, server, client, latitude, longitude, timeText] = LINE.exec(line) ??
    [];
  if (client === undefined) return undefined;
  return {
    client,
    server: server!,
    latitude: Number(latitude),
    longitude: Number(longitude),
    timeText: timeText!,
  };
}

/**
 * Whether a fix is newer than another by the herd's order: time as an exact
 * decimal, which a double is not, and on equal times the AT line.
 */
export function isNewer(
  time: string,
  line: string,
  otherTime: string,
  otherLine: string,
): boolean {
  const order = compareTimes(time, otherTime);
  return order > 0 || order === 0 && line > otherLine;
}

/** Compares decimals such as `1621464827.95`, however long they are. */
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
