/**
 * One operation of a client: a line out, its reply in, both in the history.
 *
 * @module
 */
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
  const late = Promise.withResolvers<never>();
  const timer = withinMs === undefined ? undefined : setTimeout(() => {
    const within = formatDuration(withinMs);
    late.reject(new Error(`no answer by ${server} within ${within}`));
  }, withinMs);
  let client: Client | undefined;
  let op: number | undefined;
  try {
    client = await Promise.race([connection, late.promise]);
    op = recorder.invoke(request, client);
    onSend();
    const reply = await Promise.race([client.send(line), late.promise]);
    recorder.reply(op, reply);
    return reply;
  } catch (error) {
    const wasSent = op !== undefined;
    op ??= recorder.invoke(request);
    recorder.end(op, wasSent ? "info" : "fail", error);
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
