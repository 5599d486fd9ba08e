import { assertEquals } from "@std/assert";
import { delay } from "@std/async";
import { runLoad } from "../../../../sim/live/drill/open_load.ts";
import type { Stage } from "../../../../sim/live/drill/stage.ts";
import { runDrill } from "../../../../mod.ts";
import { ANY_WORLD } from "../any_world.ts";
import { Random } from "../../../../sim/model/random.ts";

/** A server's end of connections, by which clients send one fix each 10 ms. */
class Server {
  /** How many operations each connection had, and how often it was closed. */
  readonly connections: { sent: number; closed: number }[] = [];
  readonly #answers: (connection: number) => boolean;
  #nowMs = 0;

  /** @param answers Whether operations of a connection are answered. */
  constructor(answers: (connection: number) => boolean) {
    this.#answers = answers;
  }

  get stage(): Stage {
    const clock = { nowMs: () => this.#nowMs };
    const stage = {
      clock,
      random: { of: () => new Random(1) },
      recorder: {
        clock,
        startMs: 0,
        record() {},
        invoke: () => 1,
        reply() {},
        end() {},
      },
      ledger: { acknowledge() {} },
      wait: async (ms: number) => {
        this.#nowMs += ms;
        // What was sent has its answer meanwhile.
        await delay(0);
      },
      herd: { names: ["s0"], client: () => Promise.resolve(this.#client()) },
    };
    return stage as unknown as Stage;
  }

  #client() {
    const nth = this.connections.length;
    const connection = { sent: 0, closed: 0 };
    this.connections.push(connection);
    return {
      send: (line: string) => {
        connection.sent++;
        return this.#answers(nth)
          ? Promise.resolve(line.replace("IAMAT", "AT s0 +0.100000000"))
          : Promise.reject(new Error("no answer in time"));
      },
      close: () => Promise.resolve(void connection.closed++),
    };
  }
}

const STEP = {
  kind: "load",
  ratePerSecond: 100,
  durationMs: 50,
  clients: 3,
  to: ["s0"],
  where: { line: 1, column: 1 },
} as const;

Deno.test({
  name:
    "runLoad() closes a connection that gave no answer, and goes on by another",
  permissions: "none",
  async fn() {
    const server = new Server((connection) => connection >= 2);
    const { note, failure } = await runLoad(STEP, server.stage);
    assertEquals(failure, undefined);
    assertEquals(note, "3 of 5 fixes acknowledged");
    assertEquals(server.connections, [
      { sent: 1, closed: 1 },
      { sent: 1, closed: 1 },
      { sent: 3, closed: 1 },
    ]);
  },
});

Deno.test("runLoad() ends though a paused server never answers a dial", async () => {
  const text = `topology: line:2
steps:
  - pause: s1
  - load: {rate: 20/s, for: 200ms, clients: 2, to: s1, via: ws, may: fail}
  - resume: s1
`;
  const drill = { name: "load", folder: ".", text };
  const { steps } = await runDrill(drill, ANY_WORLD);
  assertEquals(
    steps[1]?.note,
    "0 of 0 fixes acknowledged, 4 not sent as nobody took them",
  );
});
