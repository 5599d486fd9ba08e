/**
 * The step `load`: clients that send fixes at a given rate, whatever comes
 * back. An open loop: a slow server does not slow its clients down. They know
 * nothing of how servers are but what they see: one that stands still is sent
 * to, and its silence counts from when each line was due; one that is dead
 * refuses the connection. What could not be sent is counted.
 *
 * @module
 */
import {
  type Client,
  readAtReply,
  ReplyError,
  timeText,
} from "../../../herd/net/client.ts";
import { count } from "../../model/count.ts";
import type { Random } from "../../model/random.ts";
import type { Step } from "../../model/scenario/scenario.ts";
import { loadClient, type LoadStep } from "../../model/steps/load.ts";
import { operate } from "./operation.ts";
import { failed } from "./outcomes.ts";
import type { Outcome, Stage } from "./stage.ts";

/** What is asked of a client: what is within 10 km, one place of it. */
const QUESTION = "10 1";

/** How often what has come due is sent. */
const TICK_MS = 5;

/** How long acknowledgements are waited for after the last fix was sent. */
const LAST_ANSWER_MS = 12_000;

/** How late what was due may still be begun; what is not by then is dropped. */
const LATE_MS = 250;

/** How long lines are begun at a stretch, before others have their turn. */
const SLICE_MS = 10;

/** As many are begun at a stretch in any case, however busy the machine is. */
const SLICE_OPS_MIN = 8;

/** Operations under way at a time: more would take memory without a limit. */
const PENDING_MAX = 50_000;

/** Sends fixes; those that are acknowledged go into the ledger. */
export async function runLoad(
  step: LoadStep & Step,
  stage: Stage,
): Promise<Outcome> {
  const load = new OpenLoad(step, stage);
  try {
    await load.run();
  } finally {
    await load.close();
  }
  const { sent, acknowledged, asked, answered, unsent, dropped, total } = load;
  const achieved = sent + asked;
  const sum = { asked: total, sent: achieved, dropped };
  stage.recorder.record({ kind: "load", ...sum });
  const note =
    `${acknowledged} of ${count(sent, "fix", "fixes")} acknowledged` +
    (asked === 0
      ? ""
      : `, ${answered} of ${count(asked, "question")} answered`) +
    (unsent === 0 ? "" : `, ${unsent} not sent as nobody took them`) +
    (dropped === 0
      ? ""
      : `, ${dropped} of ${total} dropped: asked for ${step.ratePerSecond}/s, ` +
        `kept ${load.keptPerSecond}/s`);
  if (acknowledged + answered > 0 || step.mayFail) return { note };
  return failed("some fixes to be acknowledged", note);
}

class OpenLoad {
  sent = 0;
  acknowledged = 0;
  asked = 0;
  answered = 0;
  /** What found no connection. */
  unsent = 0;
  /** What was not begun: too late, or too much was under way. */
  dropped = 0;
  /** What was begun a second. */
  keptPerSecond = 0;
  readonly total: number;
  readonly #step: LoadStep;
  readonly #stage: Stage;
  readonly #random: Random;
  readonly #connections = new Map<string, Promise<Client>>();
  readonly #pending = new Set<Promise<void>>();
  readonly #ending = new AbortController();

  constructor(step: LoadStep & Step, stage: Stage) {
    this.#step = step;
    this.#stage = stage;
    this.#random = stage.random.of(step);
    const { ratePerSecond, durationMs } = step;
    this.total = Math.max(1, Math.round(ratePerSecond * durationMs / 1_000));
  }

  async run(): Promise<void> {
    const { ratePerSecond, durationMs, to } = this.#step;
    const { total } = this;
    const servers = to.includes("all") ? this.#stage.herd.names : to;
    const { clock } = this.#stage;
    const startMs = clock.nowMs();
    const endMs = startMs + durationMs + LATE_MS;
    let begun = 0;
    let sliceMs = startMs;
    do {
      sliceMs = clock.nowMs();
      const due = 1 + Math.floor((sliceMs - startMs) * ratePerSecond / 1_000);
      const wanted = Math.min(due, total);
      const surely = begun + SLICE_OPS_MIN;
      while (
        begun < wanted &&
        (begun < surely || clock.nowMs() - sliceMs < SLICE_MS)
      ) {
        this.#begin(servers, startMs + begun * 1_000 / ratePerSecond);
        begun++;
        // What was begun before is written meanwhile, and counts as well.
        await undefined;
      }
      // Who is behind goes on as soon as all else has had a turn.
      if (begun < wanted) await this.#turn();
      else await this.#stage.wait(TICK_MS);
    } while (begun < total && sliceMs < endMs);
    this.dropped += total - begun;
    const tookMs = Math.max(durationMs, sliceMs - startMs);
    this.keptPerSecond = Math.round((total - this.dropped) * 1_000 / tookMs);
    const lateMs = clock.nowMs() + LAST_ANSWER_MS;
    while (this.#pending.size > 0 && clock.nowMs() < lateMs) {
      await this.#stage.wait(TICK_MS);
    }
  }

  #turn(): Promise<void> {
    const { clock, signal } = this.#stage;
    signal.throwIfAborted();
    return new Promise((resolve) => clock.immediate(resolve));
  }

  #begin(servers: readonly string[], dueMs: number): void {
    // Drawn in any case, so that a run draws the same numbers whatever is sent.
    const client = loadClient(this.#random.below(this.#step.clients));
    const position = randomPosition(this.#random);
    const choice = this.#random.fraction();
    const { whatsatShare: share } = this.#step;
    const isQuestion = share !== undefined && this.#random.fraction() < share;
    const server = servers[Math.floor(choice * servers.length)]!;
    if (this.#pending.size >= PENDING_MAX) {
      this.dropped++;
      return;
    }
    const done = this.#send(
      server,
      dueMs,
      client,
      isQuestion ? undefined : position,
    )
      .finally(() => this.#pending.delete(done));
    this.#pending.add(done);
  }

  /** Sends a fix, or without a position asks for the client's. */
  async #send(
    server: string,
    dueAtMs: number,
    client: string,
    position: string | undefined,
  ): Promise<void> {
    const { recorder } = this.#stage;
    const connection = this.#connect(server);
    const dueMs = dueAtMs - recorder.startMs;
    const { session } = this.#step;
    const common = { server, dueMs, ...session !== undefined && { session } };
    let wasSent = false;
    try {
      const isQuestion = position === undefined;
      const [f, line] = isQuestion
        ? ["whatsat", `WHATSAT ${client} ${QUESTION}`] as const
        : [
          "iamat",
          `IAMAT ${client} ${position} ${timeText(recorder.clock.nowMs())}`,
        ] as const;
      const request = { f, line, ...common };
      const text = await operate(request, connection, recorder, () => {
        wasSent = true;
        if (isQuestion) this.asked++;
        else this.sent++;
      });
      if (isQuestion) {
        this.answered++;
        return;
      }
      const reply = readAtReply(line, text);
      this.#stage.ledger.acknowledge(reply, this.#stage.clock.nowMs());
      this.acknowledged++;
    } catch (error) {
      if (error instanceof ReplyError) return;
      if (!wasSent) this.unsent++;
      // The server is gone, and with it the connection: what it did not
      // acknowledge it owes nobody.
      if (this.#connections.get(server) === connection) {
        this.#connections.delete(server);
        await connection.then((open) => open.close(), () => {});
      }
    }
  }

  #connect(server: string): Promise<Client> {
    return this.#connections.getOrInsertComputed(
      server,
      () => {
        const { signal } = this.#ending;
        return this.#stage.herd.client(server, { ...this.#step, signal });
      },
    );
  }

  async close(): Promise<void> {
    // Who is paused takes a dial, and never answers it.
    this.#ending.abort(new Error("no connection until the load was over"));
    await Promise.all(
      [...this.#connections.values()].map((client) =>
        client.then((open) => open.close(), () => {})
      ),
    );
    await Promise.all(this.#pending);
  }
}

/** Six decimals, as phones send them. */
function randomPosition(random: Random): string {
  return degrees(random, 90) + degrees(random, 180);
}

function degrees(random: Random, max: number): string {
  const value = (random.fraction() * 2 - 1) * max;
  return (value < 0 ? "" : "+") + value.toFixed(6);
}
