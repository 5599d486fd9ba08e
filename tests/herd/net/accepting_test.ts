import { denoPlatform } from "../../../herd/net/deno_platform.ts";
import { assertEquals, assertRejects } from "@std/assert";
import { connectionsOf } from "../../../herd/net/accepting.ts";

const { clock } = denoPlatform;
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
  const all = await Array.fromAsync(
    connectionsOf(
      clock,
      listening([...outcomes, CONN, reset(), CONN]),
      (error) => pauses.push(error),
    ),
  );
  assertEquals(all, [CONN, CONN]);
  assertEquals(pauses, []);
});

Deno.test("connectionsOf() pauses where descriptors have run out, and goes on then", async () => {
  for (const code of ["EMFILE", "ENFILE"]) {
    const error = failure(Error, code);
    const pauses: Error[] = [];
    const all = await Array.fromAsync(
      connectionsOf(clock, listening([error, CONN]), (why) => pauses.push(why)),
    );
    assertEquals(all, [CONN]);
    assertEquals(pauses, [error]);
  }
});

Deno.test("connectionsOf() hides no bug", async () => {
  await assertRejects(
    () =>
      Array.fromAsync(connectionsOf(clock, listening([new TypeError("x")]))),
    TypeError,
  );
});
