/**
 * Sends a command to a running herd.
 *
 * @module
 */
import { writeAll } from "../../../herd/net/disk.ts";
import type {
  Connection,
  Platform,
  Timer,
} from "../../../herd/net/platform.ts";
import type { Address } from "./address.ts";
import type { Answer, ExitCode, Request } from "./protocol.ts";

/** How long to wait for the herd's last answer after the wait was ended. */
const LAST_WORD_MS = 2_000;

/**
 * Sends a command, and resolves with the exit code when it has ended.
 *
 * @param onAnswer Gets each result and error, and its line of JSON.
 * @param signal Ends the wait.
 * @throws {Error} If the herd can't be reached, or ends in the meantime.
 */
export async function askHerd(
  { clock, network }: Platform,
  { port, token }: Address,
  command: string,
  onAnswer: (answer: Answer, json: string) => void,
  signal: AbortSignal,
): Promise<ExitCode> {
  const conn = await network.connect({ hostname: "127.0.0.1", port });
  let isClosed = false;
  const close = () => {
    if (!isClosed) conn.close();
    isClosed = true;
  };
  let timer: Timer | undefined;
  const stop = () => {
    void conn.closeWrite().catch(() => {});
    timer = clock.after(LAST_WORD_MS, close);
  };
  signal.addEventListener("abort", stop, { once: true });
  try {
    const request: Request = { token, command };
    const text = new TextEncoder().encode(JSON.stringify(request) + "\n");
    await writeAll(conn, text);
    for await (const line of linesOf(conn)) {
      const answer: Answer = JSON.parse(line);
      if (answer.event === "end") return answer.code;
      onAnswer(answer, line);
    }
  } finally {
    timer?.cancel();
    signal.removeEventListener("abort", stop);
    close();
  }
  throw new Error("the herd has ended");
}

async function* linesOf(conn: Connection): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  const chunk = new Uint8Array(65_536);
  let rest: string[] = [];
  for (;;) {
    const count = await conn.read(chunk);
    if (count === null) return;
    const text = decoder.decode(chunk.subarray(0, count), { stream: true });
    const [first, ...others] = text.split("\n");
    rest.push(first!);
    for (const next of others) {
      yield rest.join("");
      rest = [next];
    }
  }
}
