/**
 * What a check did to a herd and what it saw, in order: the proof of a finding,
 * and what a student types to see it again.
 *
 * @module
 */
/** One thing that was done, or seen. */
export type Step =
  & {
    /** Milliseconds since the herd was ready. */
    readonly atMs: number;
  }
  & (
    /** A client's command to a server, and its reply. */
    | {
      readonly kind: "say";
      readonly server: string;
      readonly line: string;
      /** What came; nothing, until it did. */
      reply?: string;
      /** Milliseconds until it came. */
      tookMs?: number;
      /** It goes out with those beside it that are so too. */
      readonly isAtOnce?: boolean;
      /** It was said until it was answered as it should be. */
      readonly isUntil?: boolean;
    }
    /** Something that was done to a server's process. */
    | {
      readonly kind: "kill" | "pause" | "resume" | "revive";
      readonly server: string;
    }
    /** What else was done, or seen, that a student can't just type. */
    | { readonly kind: "note"; readonly text: string }
  );

/** How servers are reached by hand. */
export interface ByHand {
  /** By server: what starts it, and on which port it listens then. */
  readonly servers: ReadonlyMap<string, { start: string; port: number }>;
  /** What ends a line. */
  readonly lineEnd: "\n" | "\r\n";
  /** Whether a command ends only with the input. */
  readonly isHalfClosed: boolean;
}

/** Where servers listen by hand. */
export const HOST = "127.0.0.1";
/** How long `nc` waits for more, where the server does not close. */
const WAIT_S = 2;

/** The steps as commands of a shell, beginning with the start of the herd. */
export function shellLines(steps: readonly Step[], hand: ByHand): string[] {
  const lines = [...hand.servers.values()].map(({ start }) => `${start} &`);
  let isAtOnce = false;
  for (const step of steps) {
    const isOne = step.kind === "say" && step.isAtOnce === true;
    if (isAtOnce && !isOne) lines.push("wait");
    isAtOnce = isOne;
    lines.push(shellLine(step, hand));
  }
  if (isAtOnce) lines.push("wait");
  return lines;
}

/** A word as a shell takes it. */
export function shellWord(word: string): string {
  return /^[\w.\/:=+,@%-]+$/.test(word)
    ? word
    : `'${word.replaceAll("'", "'\\''")}'`;
}

function shellLine(step: Step, hand: ByHand): string {
  if (step.kind === "note") return `# ${step.text}`;
  const { start, port } = hand.servers.get(step.server)!;
  const process = `$(lsof -ti tcp:${port} -sTCP:LISTEN)`;
  switch (step.kind) {
    case "say": {
      const end = JSON.stringify(hand.lineEnd).slice(1, -1);
      const how = hand.isHalfClosed ? "-N" : `-w ${WAIT_S}`;
      const said = `printf '%s${end}' ${shellWord(step.line)}` +
        ` | nc ${how} ${HOST} ${port}`;
      const again = step.isUntil ? ", again and again" : "";
      return said + (step.isAtOnce ? " &" : "") +
        `  # to ${step.server}${again}`;
    }
    case "revive":
      return `${start} &`;
    default:
      return `kill -${SIGNALS[step.kind]} ${process}  # ${step.server}`;
  }
}

const SIGNALS = { kill: "KILL", pause: "STOP", resume: "CONT" } as const;
