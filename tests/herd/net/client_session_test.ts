import { assert, assertEquals } from "@std/assert";
import { Budget } from "../../../herd/net/budget.ts";
import { WriterPool } from "../../../herd/core/bytes/writer_pool.ts";
import { DEFAULT_LIMITS } from "../../../herd/core/limits.ts";
import { Channel } from "../../../herd/net/channel.ts";
import { ClientSession } from "../../../herd/net/client_session.ts";
import { LimitLog } from "../../../herd/net/limit_log.ts";
import { SILENT_LOG } from "../../../herd/net/log.ts";
import { Fairness, type Queue, type Turn } from "../../../herd/net/fairness.ts";
import { FakeConn } from "./fake_conn.ts";
import { denoPlatform } from "../../../herd/net/deno_platform.ts";
import { nextTurn } from "../../../herd/net/timing.ts";

const { clock } = denoPlatform;

function sessionOn(
  fake: FakeConn,
  fairness = new Fairness(clock, DEFAULT_LIMITS.turnMsMax),
): ClientSession {
  return new ClientSession(new Channel(clock, fake.conn, 100), {
    limits: DEFAULT_LIMITS,
    log: SILENT_LOG,
    limitLog: new LimitLog(clock, SILENT_LOG),
    unsent: new Budget(DEFAULT_LIMITS.unsentTotalBytesMax),
    buffers: new WriterPool(),
    fairness,
    clock,
    onClientLine() {},
    keeper: { isDurable: false, kept: () => undefined },
    flush: () => undefined,
  });
}

Deno.test("ClientSession.settle() sends what is settled in a row in one write", async () => {
  const fake = new FakeConn();
  const session = sessionOn(fake);
  const [first, second, third] = [1, 2, 3].map(() => session.reserve());
  session.settle(second!, "2\n");
  session.settle(first!, "1\n");
  assertEquals(fake.writes, [], "The next one may be ready too");
  await Promise.resolve();
  session.settle(third!, "3\n");
  await Promise.resolve();
  assertEquals(fake.writes, ["1\n2\n", "3\n"]);
});

/** Its client has said all that it had to say. */
class SilentConn extends FakeConn {
  read(): Promise<null> {
    return Promise.resolve(null);
  }

  closeWrite(): Promise<void> {
    return Promise.resolve();
  }
}

/** A server on which it is always the others' turn first. */
class BusyFairness extends Fairness {
  readonly #pending = new Set<Promise<void>>();

  override join(queue: Queue): Turn {
    const turn = super.join(queue);
    turn.charge = (work) => {
      const done = nextTurn(clock).then(work);
      this.#pending.add(done);
      void done.finally(() => this.#pending.delete(done));
    };
    return turn;
  }

  /** Resolves when no turn is waited for any more. */
  async idle(): Promise<void> {
    while (this.#pending.size > 0) await Promise.all(this.#pending);
  }
}

Deno.test("ClientSession.run() sends all of a long reply, though others have their turn between", async () => {
  const fake = new SilentConn();
  const fairness = new BusyFairness(clock, 4);
  const session = sessionOn(fake, fairness);
  const text = "0123456789".repeat(50_000);
  session.settle(session.reserve(), text);
  await session.run(false);
  await fairness.idle();
  assert(fake.writes.join("") === text, `${fake.writes.join("").length} bytes`);
  assert(fake.writes.length > 5, `${fake.writes.length} writes`);
});
