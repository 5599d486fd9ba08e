import { DenoClock } from "../../../herd/net/deno_platform.ts";
import type { Timer } from "../../../herd/net/platform.ts";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { connectionsOf } from "../../../herd/net/accepting.ts";

/** A clock by which nobody waits, and that knows for how long they would. */
class Waits extends DenoClock {
  readonly ms: number[] = [];

  override after(ms: number, run: () => void): Timer {
    this.ms.push(ms);
    return super.after(0, run);
  }
}

const CONN = {} as Deno.TcpConn;

function failure(kind: new () => Error, code?: string): Error {
  return Object.assign(new kind(), code && { code });
}

/** A listener that gives these, and is closed then. */
function listening(outcomes: readonly (Error | Deno.TcpConn)[]) {
  const left = [...outcomes, new Deno.errors.BadResource()];
  return {
    accept(): Promise<Deno.TcpConn> {
      const outcome = left.shift()!;
      return outcome instanceof Error
        ? Promise.reject(outcome)
        : Promise.resolve(outcome);
    },
  };
}

Deno.test("connectionsOf() goes on at once after connections that were reset before", async () => {
  const reset = () => failure(Deno.errors.NotConnected, "ENOTCONN");
  const aborted = () => failure(Deno.errors.ConnectionAborted, "ECONNABORTED");
  const outcomes = Array.from(
    { length: 500 },
    (_, i) => i % 2 === 0 ? reset() : aborted(),
  );
  const pauses: Error[] = [];
  const waits = new Waits();
  const all = await Array.fromAsync(
    connectionsOf(
      waits,
      listening([...outcomes, CONN, reset(), CONN]),
      (error) => pauses.push(error),
    ),
  );
  assertEquals(all, [CONN, CONN]);
  assertEquals([pauses, waits.ms], [[], []], "Nobody waits for them");
});

Deno.test("connectionsOf() pauses where descriptors have run out, and goes on then", async () => {
  for (const code of ["EMFILE", "ENFILE"]) {
    const error = failure(Error, code);
    const pauses: Error[] = [];
    const waits = new Waits();
    const all = await Array.fromAsync(
      connectionsOf(waits, listening([error, CONN]), (why) => pauses.push(why)),
    );
    assertEquals(all, [CONN]);
    assertEquals(pauses, [error]);
    assert(waits.ms.length === 1 && waits.ms[0]! > 0, `${waits.ms}`);
  }
});

Deno.test("connectionsOf() hides no bug", async () => {
  await assertRejects(
    () =>
      Array.fromAsync(
        connectionsOf(new Waits(), listening([new TypeError("x")])),
      ),
    TypeError,
  );
});
