/**
 * The agents of a herd's hosts: how they are reached, and asked.
 *
 * @module
 */
import { Channel } from "../../../herd/net/channel.ts";
import { initiate, type Refusal } from "../../../herd/net/handshake.ts";
import { DEFAULT_LIMITS } from "../../../herd/core/limits.ts";
import {
  type Address,
  type Connection,
  isMisuse,
  orClosed,
  type Platform,
  type TlsTrust,
} from "../../../herd/net/platform.ts";
import { Deadline } from "../../../herd/net/timing.ts";
import { JsonChannel } from "./json_channel.ts";
import {
  AGENT,
  BEAT_MS,
  type FromAgent,
  type Purpose,
  WORKBENCH,
} from "./wire.ts";

const CONNECT_MS = 5_000;
/** How long an agent may copy what it brings, with a sign of life a beat. */
const COPY_MS_MAX = 60_000;
/** Of lines before the other side has proved who it is. */
const LINE_BYTES_MAX = 1_024;

/** How agents are reached. */
export interface AgentsOptions {
  readonly platform: Platform;
  /** What workbench and agents prove to each other, in hex. */
  readonly secret: string;
  /** Who vouches for agents; by plain text without it. */
  readonly tls?: TlsTrust;
}

/** That an agent can't be had: why, and where it should be. */
export class NoAgent extends Error {
  /** The class's name, as errors print it. */
  override readonly name = "NoAgent";

  /** The error of the agent at an address. */
  constructor({ hostname, port }: Address, why: string) {
    super(`no agent at ${hostname}:${port}: ${why}`);
  }
}

/**
 * A connection to an agent that has proved that it is one.
 *
 * @param signal Gives it up; it then rejects with the signal's reason.
 * @throws {NoAgent} If there is none.
 */
export async function dialAgent(
  address: Address,
  options: AgentsOptions,
  signal?: AbortSignal,
): Promise<JsonChannel> {
  const { platform, secret } = options;
  const conn = await connect(address, options, signal);
  const channel = new Channel(platform.clock, conn, LINE_BYTES_MAX);
  const names = { from: WORKBENCH, to: AGENT };
  const { handshakeLineMsMax, handshakeMsMax } = DEFAULT_LIMITS;
  const limits = { handshakeLineMsMax, handshakeMsMax };
  return await orClosed(channel, signal, async () => {
    const options = { platform, secret, limits };
    const refusal = await initiate(channel, names, options);
    if (refusal === undefined) return new JsonChannel(channel);
    throw new NoAgent(address, channel.failure ?? whyRefused(refusal));
  });
}

function whyRefused({ line, why }: Refusal): string {
  return line === undefined
    ? `${why}; has it another secret, or does it speak TLS?`
    : "it is none, or has another secret";
}

async function connect(
  address: Address,
  { platform: { clock, network }, tls }: AgentsOptions,
  signal?: AbortSignal,
): Promise<Connection> {
  using late = new Deadline(
    clock,
    CONNECT_MS,
    () => new NoAgent(address, `no connection within ${CONNECT_MS} ms`),
  );
  const over = AbortSignal.any([late.signal, ...signal ? [signal] : []]);
  try {
    if (tls === undefined) return await network.connect(address, over);
    if (network.connectTls === undefined) {
      throw new TypeError("There is no TLS");
    }
    return await network.connectTls(address, tls, over);
  } catch (error) {
    over.throwIfAborted();
    if (isMisuse(error) || !(error instanceof Error)) throw error;
    throw new NoAgent(address, error.message);
  }
}

/** An agent has answered as was wanted. */
export interface Answered<K extends FromAgent["kind"]> {
  readonly answer: Extract<FromAgent, { readonly kind: K }>;
  readonly channel: JsonChannel;
  /** What it says after that. */
  readonly said: AsyncGenerator<object>;
}

/**
 * Asks an agent for something.
 *
 * @param signal Gives it up; it then rejects with the signal's reason.
 * @throws {NoAgent} If there is none, or it gives another answer.
 */
export async function askAgent<K extends FromAgent["kind"]>(
  address: Address,
  purpose: Purpose,
  wanted: K,
  options: AgentsOptions,
  signal?: AbortSignal,
): Promise<Answered<K>> {
  const { platform: { clock } } = options;
  const channel = await dialAgent(address, options, signal);
  return await orClosed(channel, signal, async () => {
    const said = channel.said();
    channel.tell(purpose);
    let answer: FromAgent | undefined;
    let beats = 0;
    do {
      answer = await channel.answer(clock, said) as FromAgent | undefined;
    } while (answer?.kind === "beat" && ++beats < COPY_MS_MAX / BEAT_MS);
    if (answer?.kind === wanted) {
      return { answer: answer as Answered<K>["answer"], channel, said };
    }
    throw new NoAgent(address, whyNot(answer));
  });
}

function whyNot(answer: FromAgent | undefined): string {
  switch (answer?.kind) {
    case "over":
    case "refused":
      return answer.why;
    case "beat":
      return `it copied what it brings for ${
        COPY_MS_MAX / 1_000
      } s, and was not done`;
    default:
      return "it gave no answer";
  }
}
