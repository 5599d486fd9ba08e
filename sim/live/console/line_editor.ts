/**
 * Reads lines from a terminal or a pipe, and prints output between them.
 *
 * @module
 */
import { on } from "node:events";
import process from "node:process";
import * as readline from "node:readline";
import { ByteBlock } from "../../../herd/core/bytes/block.ts";
import { bytesOf, readable, utf8 } from "../../../herd/core/bytes/bytes.ts";
import { LineBuffer } from "../../../herd/core/wire/lines.ts";

export interface LineEditor {
  /** Ends when the input does. */
  readonly lines: AsyncIterable<string>;
  /** Prints whole lines; a line being typed stays below them. */
  print(text: string): void;
  /** Releases the terminal. */
  close(): void;
}

export interface LineEditorOptions {
  readonly prompt: string;
  /** The completions of a text's last word, and that word. */
  readonly complete: (text: string) => [completions: string[], word: string];
  /**
   * Called when the user presses Ctrl-C with nothing typed, or the reader of
   * the output has gone.
   */
  readonly onInterrupt: () => void;
}

/** The longest line that a pipe may bring, in bytes. */
const LINE_BYTES_MAX = 16 * 1_048_576;

/** Whether both input and output are terminals. */
export function isInteractive(): boolean {
  return Deno.stdin.isTerminal() && Deno.stdout.isTerminal();
}

/** A prompt with history and completion. */
export function terminalEditor(options: LineEditorOptions): LineEditor {
  const editor = readline.createInterface({
    input: process.stdin,
    output: process.stdout,
    prompt: options.prompt,
    completer: options.complete,
  });
  const typed = on(editor, "line", { close: ["close"] });
  editor.on("line", () => editor.prompt());
  editor.on("SIGINT", () => {
    if (editor.line === "") return options.onInterrupt();
    editor.write(null, { ctrl: true, name: "e" });
    editor.write(null, { ctrl: true, name: "u" });
  });
  editor.prompt();
  return {
    lines: typedLines(typed),
    print(text) {
      const { rows } = editor.getCursorPos();
      readline.moveCursor(process.stdout, 0, -rows);
      readline.cursorTo(process.stdout, 0);
      readline.clearScreenDown(process.stdout);
      process.stdout.write(text + "\n");
      editor.prompt(true);
    },
    close() {
      readline.cursorTo(process.stdout, 0);
      readline.clearScreenDown(process.stdout);
      editor.close();
    },
  };
}

async function* typedLines(
  events: AsyncIterable<string[]>,
): AsyncGenerator<string> {
  for await (const [line] of events) yield line!;
}

/** Lines from a pipe, and plain text out. */
export function pipeEditor(onInterrupt: () => void): LineEditor {
  return {
    lines: pipedLines(Deno.stdin.readable),
    print: (text) => printPlain(text, onInterrupt),
    close() {},
  };
}

async function* pipedLines(
  input: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<string> {
  const buffer = new LineBuffer(LINE_BYTES_MAX);
  for await (const chunk of input) {
    buffer.feed(new ByteBlock(chunk), chunk.length);
    while (buffer.next()) yield readable(buffer.line.text);
    if (buffer.overlong !== undefined) {
      throw new RangeError(
        `Cannot read a command: a line of more than ${LINE_BYTES_MAX} bytes`,
      );
    }
  }
  if (buffer.finish()) yield readable(buffer.line.text);
}

/** Writes all of `text` and a line feed to standard output. */
export function printPlain(text: string, onClosed: () => void): void {
  const bytes = bytesOf(utf8(text + "\n"));
  try {
    for (let written = 0; written < bytes.length;) {
      written += Deno.stdout.writeSync(bytes.subarray(written));
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
    onClosed();
  }
}
