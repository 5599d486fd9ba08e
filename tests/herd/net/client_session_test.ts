import { assertEquals } from "@std/assert";
import { Budget } from "../../../herd/net/budget.ts";
import { WriterPool } from "../../../herd/core/bytes/writer_pool.ts";
import { DEFAULT_LIMITS } from "../../../herd/core/limits.ts";
import { Channel } from "../../../herd/net/channel.ts";
import { ClientSession } from "../../../herd/net/client_session.ts";
import { LimitLog } from "../../../herd/net/limit_log.ts";
import { SILENT_LOG } from "../../../herd/net/log.ts";
import { Fairness } from "../../../herd/net/fairness.ts";
import { FakeConn } from "./fake_conn.ts";
import { denoPlatform } from "../../../herd/net/deno_platform.ts";

const { clock } = denoPlatform;

Deno.test("ClientSession.settle() sends what is settled in a row in one write", async () => {
  const fake = new FakeConn();
  const session = new ClientSession(new Channel(clock, fake.conn, 100), {
    limits: DEFAULT_LIMITS,
    log: SILENT_LOG,
    limitLog: new LimitLog(clock, SILENT_LOG),
    unsent: new Budget(DEFAULT_LIMITS.unsentTotalBytesMax),
    buffers: new WriterPool(),
    fairness: new Fairness(clock, DEFAULT_LIMITS.turnMsMax),
    clock,
    onClientLine() {},
    flushPeers: () => undefined,
  });
  const [first, second, third] = [1, 2, 3].map(() => session.reserve());
  session.settle(second!, "2\n");
  session.settle(first!, "1\n");
  assertEquals(fake.writes, [], "The next one may be ready too");
  await Promise.resolve();
  session.settle(third!, "3\n");
  await Promise.resolve();
  assertEquals(fake.writes, ["1\n2\n", "3\n"]);
});
