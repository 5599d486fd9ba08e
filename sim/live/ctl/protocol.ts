/**
 * The protocol between a herd and another terminal: lines of JSON. A connection
 * carries one request, then its results as `--json` prints them, and an end. A
 * client stops waiting by closing its side.
 *
 * This is not HTTP, and the first line has to hold a token: a request that a
 * web page makes a browser send is closed without an answer.
 *
 * @module
 */
import type { CommandResult } from "../commands/result.ts";

export interface Request {
  /** From the address in the run's folder. */
  readonly token: string;
  /** As typed at the prompt. */
  readonly command: string;
}

/** The herd's answers: any number of results or errors, then one end. */
export type Answer =
  | CommandResult
  | { readonly event: "error"; readonly message: string }
  | { readonly event: "end"; readonly code: ExitCode };

/** 0: done, 1: the command failed, 2: not a command. */
export type ExitCode = 0 | 1 | 2;

/** Parses a request; `undefined` if the line is not one. */
export function requestOf(line: string): Request | undefined {
  try {
    const { token, command } = JSON.parse(line) ?? {};
    return typeof token === "string" && typeof command === "string"
      ? { token, command }
      : undefined;
  } catch {
    return undefined;
  }
}
