/**
 * Sends a command to a running herd.
 *
 * @module
 */
import { readable, utf8 } from "../../../herd/core/bytes/bytes.ts";
import { Channel } from "../../../herd/net/channel.ts";
import type { Platform, Timer } from "../../../herd/net/platform.ts";
import type { Address } from "./address.ts";
import type { Answer, ExitCode, Request } from "./protocol.ts";

/** How long to wait for the herd's last answer after the wait was ended. */
const LAST_WORD_MS = 2_000;
/** More than the records of all clients that a server can hold. */
const ANSWER_BYTES_MAX = 1_073_741_824;

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
  const channel = new Channel(clock, conn, ANSWER_BYTES_MAX);
  let timer: Timer | undefined;
  const stop = () => {
    void conn.closeWrite().catch(() => {});
    timer = clock.after(LAST_WORD_MS, () => channel.close());
  };
  signal.addEventListener("abort", stop, { once: true });
  try {
    const request: Request = { token, command };
    await channel.writeText(utf8(JSON.stringify(request) + "\n"));
    while (await channel.nextLine()) {
      const line = readable(channel.line);
      const answer: Answer = JSON.parse(line);
      if (answer.event === "end") return answer.code;
      onAnswer(answer, line);
    }
  } finally {
    timer?.cancel();
    signal.removeEventListener("abort", stop);
    channel.close();
  }
  throw new Error("the herd has ended");
}
