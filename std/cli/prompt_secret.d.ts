/** What {@linkcode promptSecret} shows. */
export interface PromptSecretOptions {
  /** Shown for each character typed, `*` by default; empty: nothing. */
  mask?: string;
  /** Whether to clear the line afterwards. */
  clear?: boolean;
}

/** Asks for a line, hiding it; `null` if standard input is no terminal. */
export function promptSecret(
  message?: string,
  options?: PromptSecretOptions,
): string | null;
