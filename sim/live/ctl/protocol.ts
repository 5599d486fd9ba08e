/**
 * What a herd and another terminal say to each other: lines of JSON. One request
 * a connection; then results, as `--json` prints them, and the end. Who stops
 * waiting closes its side.
 *
 * Nothing here is HTTP, and the first line must hold a token: what a web page
 * could have a browser send is closed without an answer.
 *
 * @module
 */
import type { CommandResult } from "../commands/result.ts";

export interface Request {
  /** What the run's folder tells. */
  readonly token: string;
  /** The command, as at the prompt. */
  readonly command: string;
}

/** What a herd answers: any number of results or errors, and one end. */
export type Answer =
  | CommandResult
  | { readonly event: "error"; readonly message: string }
  | { readonly event: "end"; readonly code: ExitCode };

/** 0: done, 1: the command failed, 2: it is none. */
export type ExitCode = 0 | 1 | 2;

/** The request that a line is; `undefined` if it is none. */
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
