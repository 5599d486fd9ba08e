import { assertEquals, assertThrows } from "@std/assert";
import { denoPlatform } from "../../../../herd/net/deno_platform.ts";
import {
  BroughtServer,
  type Surroundings,
} from "../../../../sim/worlds/processes/brought_server.ts";
import type { ProgramWatcher } from "../../../../sim/worlds/processes/guarded.ts";
import type { RunningProgram } from "../../../../sim/worlds/processes/programs.ts";
import type { Switchboard } from "../../../../sim/worlds/processes/switchboard.ts";
import { ToldFixes } from "../../../../sim/model/told_fixes.ts";
import type {
  ServerReport,
  ServerStart,
  ServerWatcher,
} from "../../../../sim/worlds/world.ts";

/** A server whose program does as it is told here. */
function serverOf(
  ports: Record<string, number>,
  {
    run = () => ({}) as RunningProgram,
    log,
    onReport = () => {},
  }: Partial<
    & Pick<Surroundings, "run">
    & Pick<ServerStart, "log">
    & Pick<ServerWatcher, "onReport">
  > = {},
) {
  let program: ProgramWatcher | undefined;
  const its: Surroundings = {
    told: new ToldFixes(),
    question: undefined,
    exchange: () => Promise.resolve(""),
    switchboard: {
      meant: (_: string, port: number) => port,
    } as Partial<Switchboard> as Switchboard,
    manifest: { ports },
    setUp: () => Promise.resolve(),
    onDial: () => undefined,
    onPortTold: () => {},
    onLimit: () => {},
    lastCommand: () => undefined,
    run: (watcher) => {
      program = watcher;
      return run(watcher);
    },
  };
  const where = { hostname: "127.0.0.1", port: 9 };
  const start = { name: "Ash", ...where, neighbours: [], log };
  const server = new BroughtServer(start as unknown as ServerStart, {
    clock: denoPlatform.clock,
    onReport,
  }, its);
  return { server, program: program! };
}

Deno.test({
  name:
    "BroughtServer.unready() says which ports were opened, which was not, and what was printed",
  permissions: "none",
  fn() {
    const { server, program } = serverOf({ Ash: 15306 });
    assertEquals(
      server.unready(),
      "; its manifest names port 15306, and it opened none; " +
        "it printed nothing",
    );
    program.onEvent({ event: "opened", asked: 15305 });
    program.onLine("Serving on 15305");
    program.onLine("");
    assertEquals(
      server.unready(),
      "; its manifest names port 15306, and it opened 15305; " +
        "it printed last: Serving on 15305",
    );
    assertEquals(
      serverOf({}).server.unready(),
      "; it printed nothing",
    );
  },
});

Deno.test("BroughtServer leaves no log open whose program can't be run", async () => {
  const directory = await Deno.makeTempDir();
  const fails = (
    error: Error,
    onReport: ServerWatcher["onReport"] = () => {},
  ) =>
    serverOf({}, {
      run: () => {
        throw error;
      },
      log: { directory, level: "INFO" },
      onReport,
    });
  // What is left open fails the test.
  assertThrows(() => fails(new Error("no more processes")), Error, "no more");
  const { promise, resolve } = Promise.withResolvers<ServerReport>();
  fails(new Deno.errors.NotFound(), resolve);
  assertEquals((await promise).kind, "start-failed");
  await Deno.remove(directory, { recursive: true });
});
