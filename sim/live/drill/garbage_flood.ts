/**
 * The step `garbage`: hostile clients that flood servers with what is no line of
 * the protocol, at a given rate, whatever comes back.
 *
 * @module
 */
import { readable } from "../../../herd/core/bytes.ts";
import { DEFAULT_LIMITS } from "../../../herd/core/limits.ts";
import { Channel } from "../../../herd/net/channel.ts";
import { nowMs } from "../../../herd/net/clock.ts";
import { count } from "../../model/scenario/describe.ts";
import { type Garbage, garbage } from "../../model/faults/garbage.ts";
import type { Random } from "../../model/random.ts";
import type { GarbageStep, Step } from "../../model/scenario/scenario.ts";
import type { Outcome, Stage } from "./stage.ts";

/** How often what has come due is sent. */
const TICK_MS = 5;
/** How long replies are waited for after the last piece was sent. */
const LAST_REPLY_MS = 5_000;
/** Wrong replies that a failure names; the others are counted. */
const NAMED_MAX = 5;

/** Sends garbage; all of it must be refused, each line by a reply of its own. */
export async function runGarbage(
  step: GarbageStep & Step,
  stage: Stage,
): Promise<Outcome> {
  const flood = new Flood(step, stage);
  const end = stage.beginGarbage(step.to);
  try {
    await flood.run();
  } finally {
    await flood.close();
    end(flood.sent);
  }
  const { sent, refused, wrong } = flood;
  const note = `${refused} of ${count(sent, "piece")} refused`;
  const expected = "a reply of ? and the line to each line of garbage";
  if (wrong.length > 0) {
    const rest = wrong.length - NAMED_MAX;
    const actual = [
      ...wrong.slice(0, NAMED_MAX),
      ...(rest > 0 ? [`and ${rest} more`] : []),
    ].join("\n");
    return { failure: { expected, actual } };
  }
  return refused > 0 ? { note } : { failure: { expected, actual: note } };
}

class Flood {
  sent = 0;
  refused = 0;
  /** What servers said that they should not have said. */
  readonly wrong: string[] = [];
  readonly #step: GarbageStep;
  readonly #stage: Stage;
  readonly #random: Random;
  /** The connection of each client, while it has one. */
  readonly #clients: (HostileClient | undefined)[];
  readonly #open = new Set<HostileClient>();

  constructor(step: GarbageStep & Step, stage: Stage) {
    this.#step = step;
    this.#stage = stage;
    this.#random = stage.random(step);
    this.#clients = Array.from({ length: step.clients });
  }

  async run(): Promise<void> {
    const { ratePerSecond, durationMs, to } = this.#step;
    const total = Math.max(1, Math.round(ratePerSecond * durationMs / 1_000));
    const startMs = nowMs();
    for (let begun = 0; begun < total;) {
      const due = 1 + (nowMs() - startMs) * ratePerSecond / 1_000;
      const up = this.#stage.upAmong(to);
      for (; begun < Math.min(Math.floor(due), total); begun++) this.#send(up);
      await this.#stage.wait(TICK_MS);
    }
    const late = AbortSignal.timeout(LAST_REPLY_MS);
    while (this.#isWaiting() && !late.aborted) await this.#stage.wait(TICK_MS);
  }

  #isWaiting(): boolean {
    return [...this.#open].some((client) => client.isWaiting);
  }

  #send(up: readonly string[]): void {
    // Drawn in any case, so that a run draws the same whoever is up.
    const piece = garbage(this.#random);
    const slot = this.#random.below(this.#clients.length);
    const choice = this.#random.fraction();
    const server = up[Math.floor(choice * up.length)];
    let client = this.#clients[slot];
    if (client === undefined || client.isOver) {
      if (server === undefined) return;
      client = this.#connect(server);
    }
    this.#clients[slot] = piece.ends === undefined ? client : undefined;
    this.sent++;
    client.send(piece);
  }

  #connect(server: string): HostileClient {
    const client = new HostileClient(this.#stage.herd.address(server), {
      onRefused: () => this.refused++,
      onWrong: (what) => this.wrong.push(`${server}: ${what}`),
    });
    this.#open.add(client);
    void client.over.then(() => this.#open.delete(client));
    return client;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#open].map((client) => client.close()));
  }
}

/** Who hears of what a hostile client is told. */
interface Hearer {
  readonly onRefused: () => void;
  readonly onWrong: (what: string) => void;
}

/** One connection of a hostile client. A server that dies is no matter to it. */
class HostileClient {
  /** Resolves when it is closed. */
  readonly over: Promise<void>;
  isOver = false;
  readonly #hearer: Hearer;
  /** The replies that are due. */
  readonly #due: string[] = [];
  readonly #channel: Promise<Channel | undefined>;
  #written: Promise<unknown>;
  #endsAfterReplies = false;

  constructor(address: Deno.ConnectOptions, hearer: Hearer) {
    this.#hearer = hearer;
    this.#channel = Deno.connect(address).then(
      (conn) => new Channel(conn, DEFAULT_LIMITS.lineBytesMax),
      () => undefined,
    );
    this.#written = this.#channel;
    this.over = this.#read().finally(() => this.isOver = true);
  }

  /** Whether a reply is due. */
  get isWaiting(): boolean {
    return !this.isOver && this.#due.length > 0;
  }

  send({ bytes, reply, ends }: Garbage): void {
    if (reply !== undefined) this.#due.push(reply);
    if (ends === "replied") this.#endsAfterReplies = true;
    this.#written = this.#written.then(async () => {
      const channel = await this.#channel;
      await channel?.writeText(bytes);
      if (ends === "sent") channel?.close();
    });
  }

  async close(): Promise<void> {
    (await this.#channel)?.close();
    await Promise.all([this.#written, this.over]);
  }

  async #read(): Promise<void> {
    const channel = await this.#channel;
    if (channel === undefined) return;
    while (await channel.nextLine()) {
      const due = this.#due.shift();
      if (due === channel.line) this.#hearer.onRefused();
      else this.#hearer.onWrong(wrongText(channel.line, due));
      if (this.#endsAfterReplies && this.#due.length === 0) break;
    }
    channel.close();
  }
}

const SHOWN_MAX = 80;

function wrongText(reply: string, due: string | undefined): string {
  const wanted = due === undefined ? "silence" : shown(due);
  return `${shown(reply)} instead of ${wanted}`;
}

function shown(line: string): string {
  return JSON.stringify(readable(line).slice(0, SHOWN_MAX));
}
