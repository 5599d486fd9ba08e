/**
 * Command lines in this process: to start another one costs more than most of
 * what tests ask of it.
 *
 * @module
 */

/** How a run ended, and what it said. */
export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** What `run` prints, as if on no terminal; it reads `input`. */
export async function printed(
  run: () => Promise<number>,
  input = "",
): Promise<Ended> {
  const { log, error } = console;
  const { stdin, stdout } = Deno;
  let [out, err] = ["", ""];
  Object.defineProperty(Deno, "stdin", {
    value: { isTerminal: () => false, readable: new Blob([input]).stream() },
    configurable: true,
    writable: true,
  });
  console.log = (text: string) => void (out += `${text}\n`);
  console.error = (text: string) => void (err += `${text}\n`);
  Object.defineProperty(Deno, "stdout", {
    value: {
      isTerminal: () => false,
      writeSync(bytes: Uint8Array) {
        out += new TextDecoder().decode(bytes);
        return bytes.length;
      },
    },
    configurable: true,
    writable: true,
  });
  try {
    const code = await run();
    return { code, out, err };
  } finally {
    Object.assign(console, { log, error });
    Object.assign(Deno, { stdin, stdout });
  }
}
