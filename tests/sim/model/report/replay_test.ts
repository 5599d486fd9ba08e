import { assertEquals } from "@std/assert";
import {
  replaysText,
  smallestText,
} from "../../../../sim/model/report/replay.ts";

const HERE = { world: "virtual", runs: 10, failed: 10, otherwise: 0 };

Deno.test({
  name: "replaysText() tells how often the same plan failed, world by world",
  permissions: "none",
  fn() {
    assertEquals(
      replaysText([HERE, { ...HERE, world: "threads", failed: 3 }]),
      "failed 10 of 10 times in virtual time, 3 of 10 in threads",
    );
    assertEquals(
      replaysText([HERE, {
        ...HERE,
        world: "threads",
        failed: 0,
        otherwise: 2,
      }]),
      "failed 10 of 10 times in virtual time, 0 of 10 in threads (2 by other checks)",
    );
    const why = "there is no nats-server";
    const none = { world: "threads", runs: 0, failed: 0, otherwise: 0, why };
    assertEquals(
      replaysText([HERE, none]),
      `failed 10 of 10 times in virtual time, not run in threads: ${why}`,
    );
    assertEquals(
      replaysText([{ ...none, runs: 1, failed: 1 }]),
      `failed 1 of 1 time in threads (then ended: ${why})`,
    );
  },
});

Deno.test({
  name: "smallestText() tells its checks, seeds, size and outcomes",
  permissions: "none",
  fn() {
    const size = { steps: 4, clients: 1, servers: 2 };
    const plan = { ...size, plan: "minimal.yaml", checks: ["converged"] };
    assertEquals(
      smallestText({ ...plan, replays: [], seeds: [...Array(12).keys()] }),
      "converged: 12 seeds (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, …), minimal.yaml, " +
        "4 steps by 1 client on 2 servers",
    );
    assertEquals(
      smallestText({ ...plan, replays: [HERE] }),
      "converged: minimal.yaml, 4 steps by 1 client on 2 servers, " +
        "failed 10 of 10 times in virtual time",
    );
  },
});
