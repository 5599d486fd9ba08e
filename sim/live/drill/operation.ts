/**
 * One operation of a client: a line out, its reply in, both in the history.
 *
 * @module
 */
import { abortable } from "@std/async";
import { Deadline } from "../../../herd/net/timing.ts";
import type { Client } from "../../../herd/net/client.ts";
import { formatDuration } from "../../model/duration.ts";
import type { Recorder, Request } from "./recorder.ts";

/**
 * Sends a line, and resolves to its reply.
 *
 * What found no connection has failed: it did not happen. What was sent and
 * not answered, by a time-out or a lost connection, is unknown.
 *
 * @param onSend Called once there is a connection that it goes out by.
 * @throws {Error} If there is no connection, or no reply in time.
 */
export async function operate(
  request: Request,
  connection: Promise<Client>,
  recorder: Recorder,
  onSend: () => void = () => {},
): Promise<string> {
  const { server, line, withinMs } = request;
  using late = withinMs === undefined ? undefined : new Deadline(
    recorder.clock,
    withinMs,
    () =>
      new Error(`no answer by ${server} within ${formatDuration(withinMs)}`),
  );
  const inTime = <T>(promise: Promise<T>) =>
    late === undefined ? promise : abortable(promise, late.signal);
  let client: Client | undefined;
  let op: number | undefined;
  try {
    client = await inTime(connection);
    op = recorder.invoke(request, client);
    onSend();
    const reply = await inTime(client.send(line));
    recorder.reply(op, reply);
    return reply;
  } catch (error) {
    const wasSent = op !== undefined;
    op ??= recorder.invoke(request);
    recorder.end(op, wasSent ? "info" : "fail", error);
    throw error;
  }
}
