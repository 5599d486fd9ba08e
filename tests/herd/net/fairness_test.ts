/**
 * Connections that always have input, and the others.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import type { Link } from "../../../herd/core/link/link.ts";
import { bytesOf } from "../../../herd/core/bytes/bytes.ts";
import { Budget } from "../../../herd/net/budget.ts";
import { WriterPool } from "../../../herd/core/bytes/writer_pool.ts";
import { DEFAULT_LIMITS } from "../../../herd/core/limits.ts";
import { DEFAULT_TUNING } from "../../../herd/core/tuning.ts";
import { Channel } from "../../../herd/net/channel.ts";
import { ClientSession } from "../../../herd/net/client_session.ts";
import { LimitLog } from "../../../herd/net/limit_log.ts";
import { SILENT_LOG } from "../../../herd/net/log.ts";
import { PeerSession } from "../../../herd/net/peer_session.ts";
import { Fairness, type Turn } from "../../../herd/net/fairness.ts";
import { FakeConn } from "./fake_conn.ts";
import { ManualClock } from "./manual_clock.ts";
import { DenoClock, denoPlatform } from "../../../herd/net/deno_platform.ts";
import type { Timer } from "../../../herd/net/platform.ts";

const { clock } = denoPlatform;

const TURN_MS = 4;

/** What takes the tests some time takes these none, however busy the machine. */
let workedMs = 0;
const byHand = Object.assign(new DenoClock(), { nowMs: () => workedMs });

/** Works for so long. */
function work(ms: number): void {
  workedMs += ms;
}

function workIn(turn: Turn, ms: number): void {
  turn.begin(0);
  work(ms);
  turn.end(1e9);
}

/** A flood is over when others have had so many turns. */
const TURNS = 2;

/**
 * A connection that has input at once, whenever it is asked, until it is ended;
 * for ten seconds at most.
 */
class Flood extends FakeConn {
  readonly #endMs = performance.now() + 10_000;
  isOver = false;
  readonly #lines = bytesOf("x y z\n".repeat(10_000));

  read(into: Uint8Array): Promise<number | null> {
    if (this.isOver || performance.now() > this.#endMs) {
      return Promise.resolve(null);
    }
    const bytes = this.#lines.subarray(0, into.length);
    into.set(bytes);
    return Promise.resolve(bytes.length);
  }

  closeWrite(): Promise<void> {
    return Promise.resolve();
  }
}

/** Counts how often it is told that a limit was met. */
class Told extends LimitLog {
  readonly limits: string[] = [];

  constructor() {
    super(clock, {
      ...SILENT_LOG,
      info: (limit) => void this.limits.push(limit),
    });
  }
}

/** How often a timer's turn came before a session of a flood was over. */
async function turnsOfOthers(
  flood: Flood,
  session: Promise<unknown>,
): Promise<number> {
  let turns = 0;
  const timer = setInterval(() => flood.isOver = ++turns >= TURNS);
  await session;
  clearInterval(timer);
  return turns;
}

Deno.test("ClientSession leaves others their turn though its input never ends", async () => {
  const flood = new Flood();
  const channel = new Channel(clock, flood.conn, 100);
  const limitLog = new Told();
  const session = new ClientSession(channel, {
    limits: DEFAULT_LIMITS,
    log: SILENT_LOG,
    limitLog,
    unsent: new Budget(DEFAULT_LIMITS.unsentTotalBytesMax),
    buffers: new WriterPool(),
    fairness: new Fairness(clock, TURN_MS),
    clock,
    onClientLine: (_session, _line, out) => out.text("? x y z\n"),
    keeper: { isDurable: false, kept: () => undefined },
    flush: () => undefined,
  });
  const turns = await turnsOfOthers(flood, session.run(false));
  assert(turns >= TURNS, `Others had ${turns} turns`);
  assertEquals(limitLog.limits, ["turn-over"], "Told once, however often");
  limitLog.stop();
});

Deno.test("PeerSession leaves others their turn though its input never ends", async () => {
  const flood = new Flood();
  const channel = new Channel(clock, flood.conn, 100);
  const link = {
    counts: { linesIn: 0, linesOut: 0, queued: 0, waitedS: 0 },
    hasOutput: false,
    hasUpdates: false,
    onLine: () => undefined,
    tidy: () => false,
    pull() {},
    heartbeat: () => true,
    down() {},
  } as unknown as Link;
  const fairness = new Fairness(clock, TURN_MS);
  const limitLog = new Told();
  const session = new PeerSession(
    "a",
    "b",
    channel,
    link,
    { clock, log: SILENT_LOG, limitLog, fairness, tuning: DEFAULT_TUNING },
  );
  const others = await turnsOfOthers(flood, session.run(() => {}));
  assert(others >= TURNS, `Others had ${others} turns`);
  assertEquals(limitLog.limits, ["turn-over"], "Told once, however often");
  limitLog.stop();
});

Deno.test("Fairness lets the one in first that has worked least", async () => {
  const fairness = new Fairness(byHand, TURN_MS);
  const [much, little] = [fairness.join("clients"), fairness.join("clients")];
  workIn(much, 5 * TURN_MS);
  workIn(little, 2 * TURN_MS);
  assert(much.isOver && little.isOver);
  const order: string[] = [];
  await Promise.all([
    much.next().then(() => order.push("much")),
    little.next().then(() => order.push("little")),
  ]);
  assertEquals(order, ["little", "much"]);
  assert(!much.isOver && !little.isOver, "Each has a whole turn");
});

Deno.test("Fairness lets who asks little in before all who flood", async () => {
  const fairness = new Fairness(byHand, TURN_MS);
  const asks = fairness.join("clients");
  workIn(asks, 5 * TURN_MS);
  const floods = [1, 2, 3].map(() => fairness.join("clients"));
  for (const flood of floods) workIn(flood, 2 * TURN_MS);
  asks.begin(0, 50);
  assert(asks.isOver, "others work too, so it lines up");
  const order: string[] = [];
  await Promise.all([
    ...floods.map((flood) => flood.next().then(() => order.push("flood"))),
    asks.next().then(() => order.push("asks")),
  ]);
  assertEquals(order, ["asks", "flood", "flood", "flood"]);
});

Deno.test("Fairness lets who asks least in first, whatever each has worked", async () => {
  const fairness = new Fairness(byHand, TURN_MS);
  const order: string[] = [];
  const lineUp = async (bytes: number): Promise<void> => {
    const turn = fairness.join("clients");
    workIn(turn, bytes === 50 ? 5 * TURN_MS : 2 * TURN_MS);
    turn.begin(0, bytes);
    assert(turn.isOver, "others work too, so it lines up");
    await turn.next();
    order.push(`${bytes} B`);
  };
  workIn(fairness.join("clients"), 4 * TURN_MS);
  await Promise.all([4_096, 50, 4_096].map(lineUp));
  assertEquals(order, ["50 B", "4096 B", "4096 B"]);
});

Deno.test("Turn is not charged for what held the whole thread up", async () => {
  const fairness = new Fairness(byHand, TURN_MS);
  const [held, flood] = [fairness.join("clients"), fairness.join("clients")];
  held.begin(0);
  work(100 * TURN_MS);
  held.end(50);
  assert(held.isOver, "it had its turn all the same");
  workIn(flood, TURN_MS);
  const order: string[] = [];
  await Promise.all([
    flood.next().then(() => order.push("flood")),
    held.next().then(() => order.push("held")),
  ]);
  assertEquals(order, ["held", "flood"]);
  assert(!held.isOver, "It has a whole turn");
});

Deno.test("Fairness lets a flood in beside a crowd that asks little without end", async () => {
  const fairness = new Fairness(byHand, TURN_MS);
  const flood = fairness.join("clients");
  workIn(flood, 2 * TURN_MS);
  const crowd = [1, 2, 3, 4, 5].map(() => fairness.join("clients"));
  let isIn = false;
  let letIns = 0;
  const ask = async (turn: Turn): Promise<void> => {
    for (; !isIn && letIns < 1_000; letIns++) {
      turn.begin(0, 50);
      work(TURN_MS);
      turn.end(1e9);
      await turn.next();
    }
  };
  await Promise.all([
    flood.next().then(() => isIn = true),
    ...crowd.map(ask),
  ]);
  assert(letIns < 100, `${letIns} others were let in before`);
});

Deno.test("Turn.charge() does more work only in its turn while others wait", async () => {
  const fairness = new Fairness(byHand, TURN_MS);
  const [writes, waits] = [fairness.join("clients"), fairness.join("clients")];
  const done: string[] = [];
  workIn(writes, 2 * TURN_MS);
  writes.charge(() => done.push("alone"));
  assertEquals(done, ["alone"], "nobody waits");
  workIn(waits, TURN_MS);
  const other = waits.next().then(() => done.push("other"));
  writes.charge(() => done.push("later"));
  const own = writes.next();
  assertEquals(done, ["alone"]);
  await Promise.all([other, own]);
  assertEquals(done, ["alone", "other", "later"], "it lined up once");
});

Deno.test("Fairness lets who has worked less than the busy go on at once", async () => {
  const fairness = new Fairness(byHand, TURN_MS);
  const [busy, calm] = [fairness.join("clients"), fairness.join("clients")];
  for (let i = 0; i < 5; i++) {
    workIn(busy, 2 * TURN_MS);
    assert(busy.isOver);
    await busy.next();
  }
  workIn(busy, 2 * TURN_MS);
  const waiting = busy.next();
  calm.begin(0);
  calm.end(9);
  assert(!calm.isOver);
  await waiting;
});

Deno.test("Fairness lets a link in beside any number of clients", async () => {
  const fairness = new Fairness(byHand, TURN_MS);
  const link = fairness.join("links");
  const clients = Array.from({ length: 20 }, () => fairness.join("clients"));
  for (const turn of [...clients, link]) workIn(turn, 2 * TURN_MS);
  let before = 0;
  const waiting = clients.map((turn) => turn.next().then(() => before++));
  await link.next();
  assert(before <= 1, `${before} clients came first`);
  await Promise.all(waiting);
});

Deno.test("Fairness lets one in for a whole turn, in however many chunks", async () => {
  const fairness = new Fairness(byHand, TURN_MS);
  const turns = [fairness.join("clients"), fairness.join("clients")];
  for (const turn of turns) workIn(turn, 3 * TURN_MS);
  let most = 0;
  for (let nth = 0; nth < 10; nth++) {
    for (const turn of turns) {
      await turn.next();
      let chunks = 0;
      for (; !turn.isOver; chunks++) workIn(turn, TURN_MS / 8);
      most = Math.max(most, chunks);
    }
  }
  assert(most > 3, `${most} chunks`);
});

Deno.test("Turn stops within a chunk when its time is over", () => {
  const turn = new Fairness(byHand, TURN_MS).join("clients");
  turn.begin(0);
  assert(turn.mayGoOn(1));
  work(2 * TURN_MS);
  assert(turn.mayGoOn(2), "The clock is looked at for every few lines only");
  assert(!turn.mayGoOn(30_000));
});

Deno.test("Fairness has those line up who come together with many", () => {
  const fairness = new Fairness(byHand, TURN_MS);
  const all = Array.from({ length: 50 }, () => fairness.join("clients"));
  const began = all.filter((turn) => {
    turn.begin(0);
    if (!turn.mayGoOn(0)) return false;
    work(TURN_MS / 2);
    turn.end(9);
    return true;
  });
  assert(began.length > 0 && began.length < 10, `${began.length} began`);
  const link = fairness.join("links");
  link.begin(0);
  assert(link.mayGoOn(0), "What a link brings is never put off");
});

Deno.test("Turn counts work that is done out of turn", () => {
  const turn = new Fairness(byHand, TURN_MS).join("clients");
  turn.begin(0);
  turn.charge(() => work(2 * TURN_MS));
  assert(turn.isOver);
});

/** A clock that goes on by what is worked, and counts looks at all sockets. */
class WorkClock extends ManualClock {
  looks = 0;

  override after(ms: number, run: () => void): Timer {
    this.looks++;
    return super.after(ms, run);
  }

  override immediate(run: () => void): void {
    super.after(0, run);
  }

  workIn(turn: Turn, ms: number): void {
    turn.begin(0);
    this.tick(ms);
    turn.end(1e9);
  }
}

Deno.test({
  name: "Fairness knows a thread that was busy for an idle one again",
  permissions: "none",
  fn() {
    const time = new WorkClock();
    const turn = new Fairness(time, TURN_MS).join("clients");
    for (let i = 0; i < 3; i++) {
      time.workIn(turn, 100);
      assert(turn.workedMs >= 100);
      time.tick(200);
      time.workIn(turn, 1);
      assert(turn.workedMs <= 1, `${turn.workedMs} ms are not forgotten`);
    }
  },
});

Deno.test({
  name:
    "Fairness has who comes begin at once again when others have been looked at",
  permissions: "none",
  fn() {
    const time = new WorkClock();
    const fairness = new Fairness(time, TURN_MS);
    for (let i = 0; i < 3; i++) {
      const crowd = Array.from({ length: 20 }, () => fairness.join("clients"));
      const late = crowd.filter((turn) => {
        turn.begin(0);
        if (!turn.mayGoOn(0)) return true;
        time.tick(TURN_MS / 2);
        turn.end(9);
        return false;
      });
      assert(late.length > 10 && late.length < 20, `${late.length} are late`);
      for (const turn of late) void turn.next();
      time.tick(0);
    }
  },
});

Deno.test({
  name:
    "Fairness lets one that is alone work on for long, after others have gone",
  permissions: "none",
  async fn() {
    const time = new WorkClock();
    const fairness = new Fairness(time, TURN_MS);
    const [first, other] = [fairness.join("clients"), fairness.join("clients")];
    const worksFor = async (turns: readonly Turn[]) => {
      const before = time.looks;
      for (let i = 0; i < 48; i++) {
        const turn = turns[i % turns.length]!;
        time.workIn(turn, TURN_MS);
        const isNext = turn.next();
        time.tick(0);
        await isNext;
      }
      return time.looks - before;
    };
    const beside = await worksFor([first, other]);
    assert(beside > 20, `${beside} looks`);
    const alone = await worksFor([first]);
    assert(alone < 6, `${alone} looks`);
  },
});

Deno.test({
  name: "Fairness has nobody line up while most of the time is left",
  permissions: "none",
  fn() {
    const time = new WorkClock();
    const fairness = new Fairness(time, TURN_MS);
    const turns = [fairness.join("clients"), fairness.join("clients")];
    for (let nth = 0; nth < 60; nth++) {
      const turn = turns[nth % 2]!;
      time.workIn(turn, TURN_MS / 8);
      assert(!turn.isOver, `time ${nth}`);
      time.tick(TURN_MS / 4);
    }
  },
});
