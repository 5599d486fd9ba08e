/**
 * The step `load`: clients that send fixes at a given rate, whatever comes
 * back. An open loop: a slow server does not slow its clients down, so the rate
 * that was asked for is the rate that was sent.
 *
 * @module
 */
import {
  type Client,
  readAtReply,
  ReplyError,
  timeText,
} from "../../../herd/net/client.ts";
import { nowMs } from "../../../herd/net/clock.ts";
import { count } from "../../model/scenario/describe.ts";
import type { Random } from "../../model/random.ts";
import {
  loadClient,
  type LoadStep,
  type Step,
} from "../../model/scenario/scenario.ts";
import { operate } from "./operation.ts";
import type { Outcome, Stage } from "./stage.ts";

/** What is asked of a client: what is within 10 km, one place of it. */
const QUESTION = "10 1";

/** How often what has come due is sent. */
const TICK_MS = 5;

/** How long acknowledgements are waited for after the last fix was sent. */
const LAST_ANSWER_MS = 5_000;

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
  const { sent, acknowledged, asked, answered, unserved } = load;
  const note =
    `${acknowledged} of ${count(sent, "fix", "fixes")} acknowledged` +
    (asked === 0
      ? ""
      : `, ${answered} of ${count(asked, "question")} answered`) +
    (unserved === 0 ? "" : `, ${unserved} not sent as no server was up`);
  if (acknowledged + answered > 0) return { note };
  return {
    failure: { expected: "some fixes to be acknowledged", actual: note },
  };
}

class OpenLoad {
  sent = 0;
  acknowledged = 0;
  asked = 0;
  answered = 0;
  unserved = 0;
  readonly #step: LoadStep;
  readonly #stage: Stage;
  readonly #random: Random;
  readonly #connections = new Map<string, Promise<Client>>();
  readonly #pending = new Set<Promise<void>>();

  constructor(step: LoadStep & Step, stage: Stage) {
    this.#step = step;
    this.#stage = stage;
    this.#random = stage.random.of(step);
  }

  async run(): Promise<void> {
    const { ratePerSecond, durationMs } = this.#step;
    const total = Math.max(1, Math.round(ratePerSecond * durationMs / 1_000));
    const startMs = nowMs();
    for (let begun = 0; begun < total;) {
      const passedMs = nowMs() - startMs;
      const due = 1 + Math.floor(passedMs * ratePerSecond / 1_000);
      const up = this.#stage.upAmong(this.#step.to);
      for (; begun < Math.min(due, total); begun++) {
        this.#begin(up, startMs + begun * 1_000 / ratePerSecond);
      }
      await this.#stage.wait(TICK_MS);
    }
    const late = AbortSignal.timeout(LAST_ANSWER_MS);
    while (this.#pending.size > 0 && !late.aborted) {
      await this.#stage.wait(TICK_MS);
    }
  }

  #begin(up: readonly string[], dueMs: number): void {
    // Drawn in any case, so that a run draws the same numbers whoever is up.
    const client = loadClient(this.#random.below(this.#step.clients));
    const position = randomPosition(this.#random);
    const choice = this.#random.fraction();
    const { whatsatShare: share } = this.#step;
    const isQuestion = share !== undefined && this.#random.fraction() < share;
    const server = up[Math.floor(choice * up.length)];
    if (server === undefined) {
      this.unserved++;
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
    try {
      if (position === undefined) {
        this.asked++;
        const line = `WHATSAT ${client} ${QUESTION}`;
        const request = { f: "whatsat", server, line, dueMs } as const;
        await operate(request, connection, recorder);
        this.answered++;
        return;
      }
      this.sent++;
      const line = `IAMAT ${client} ${position} ${timeText(nowMs())}`;
      const request = { f: "iamat", server, line, dueMs } as const;
      const text = await operate(request, connection, recorder);
      const reply = readAtReply(line, text);
      this.#stage.ledger.acknowledge(reply, nowMs());
      this.acknowledged++;
    } catch (error) {
      if (error instanceof ReplyError) return;
      // The server is gone, and with it the connection: what it did not
      // acknowledge it owes nobody.
      if (this.#connections.get(server) === connection) {
        this.#connections.delete(server);
        await connection.then((open) => open.close(), () => {});
      }
    }
  }

  #connect(server: string): Promise<Client> {
    const known = this.#connections.get(server);
    if (known !== undefined) return known;
    const connection = this.#stage.herd.client(server);
    this.#connections.set(server, connection);
    return connection;
  }

  async close(): Promise<void> {
    const open = [...this.#connections.values()];
    this.#connections.clear();
    await Promise.all(
      open.map((client) => client.then((c) => c.close(), () => {})),
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
