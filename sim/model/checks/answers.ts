/**
 * Which of the fixes that clients sent an answer contains.
 *
 * @module
 */
import { compareTimes } from "../../../herd/core/wire/fix.ts";
import { CUT_S, ToldFixes } from "../told_fixes.ts";
import {
  type Fixes,
  iamatFields,
  type OperationRecord,
  valueKey,
} from "./evidence.ts";

/** A fix that a server answered with, or acknowledged. */
export interface Answered {
  /** Its AT line; as acknowledged, if it was. */
  readonly line: string;
  /**
   * Whether it was recognized by its position alone: then fixes of the same
   * time can't be ordered.
   */
  readonly isLoose?: boolean;
}

/**
 * What an answer says: a fix, that the client is unknown, or something unclear.
 */
export type Answer = Answered | "none" | "unclear";

/** Recognizes fixes by client and server, or else by position. */
export class AnswerReader {
  readonly #fixes: Fixes;
  /** The lines by which a fix was acknowledged, by what was sent. */
  readonly #told = new Map<string, Set<string>>();
  readonly #byPosition = new ToldFixes();

  constructor(operations: readonly OperationRecord[], fixes: Fixes) {
    this.#fixes = fixes;
    for (const operation of operations) {
      const told = iamatFields(operation);
      if (told === undefined) continue;
      const lines = this.#told
        .getOrInsertComputed(valueKey(told), () => new Set());
      const { end } = operation;
      if (end?.kind === "ok" && end.reply !== undefined) lines.add(end.reply);
    }
  }

  /** A server has acknowledged a fix with this AT line. */
  acknowledged(line: string): void {
    this.#byPosition.acknowledged(line);
  }

  read(reply: string): Answer {
    if (reply === "?" || reply.startsWith("? ")) return "none";
    const { fields, key } = this.#fixes.line(reply);
    const lines = key === undefined ? undefined : this.#told.get(key);
    if (lines !== undefined) {
      if (lines.size === 0 || lines.has(reply)) return { line: reply };
      const [line, another] = lines;
      return another === undefined ? { line: line! } : "unclear";
    }
    const meant = this.#byPosition.meant(reply);
    if (meant === undefined || "isAmbiguous" in meant) return "unclear";
    const then = this.#fixes.fields(meant.line)?.time;
    const isSame = meant.line !== reply &&
      Math.abs(Number(then) - Number(fields?.time)) < CUT_S;
    return isSame ? { line: meant.line, isLoose: true } : "unclear";
  }

  /**
   * Whether an answer is older than a fix that was sent; `undefined` if
   * unknown.
   */
  isBehind(answer: Answer, { line, isLoose }: Answered): boolean | undefined {
    if (answer === "none") return true;
    if (answer === "unclear") return undefined;
    if (answer.line === line) return false;
    const [told, wanted] = [this.#fixes.of(answer.line), this.#fixes.of(line)];
    if (told === undefined || wanted === undefined) return undefined;
    const isEither = answer.isLoose || isLoose;
    if (isEither && compareTimes(told, wanted) === 0) return undefined;
    const [its, other] = [answer.line, line].map((it) => this.#fixes.line(it));
    if (this.#fixes.isTie(its!, other!)) return undefined;
    return this.#fixes.isNewerLine(other!, its!);
  }
}

/** Acknowledged fixes of one client, each the newest at its time. */
export class Newest {
  readonly #all: { readonly line: string; readonly atMs: number }[] = [];

  get last(): Answered | undefined {
    return this.#all.at(-1);
  }

  acknowledged(line: string, atMs: number, fixes: Fixes): void {
    const { last } = this;
    if (fixes.of(line) === undefined) return;
    if (last !== undefined && !fixes.isNewer(line, last.line)) return;
    this.#all.push({ line, atMs });
  }

  /** When the first fix newer than an answer was acknowledged, if one was. */
  passedMs(answer: Answer, reader: AnswerReader): number | undefined {
    let [from, to] = [0, this.#all.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if (reader.isBehind(answer, this.#all[middle]!)) to = middle;
      else from = middle + 1;
    }
    return this.#all[from]?.atMs;
  }
}
