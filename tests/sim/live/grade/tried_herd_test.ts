import { assertRejects } from "@std/assert";
import { dirname } from "node:path";
import { denoPlatform } from "../../../../herd/net/deno_platform.ts";
import { TriedHerd } from "../../../../sim/live/grade/tried_herd.ts";
import { loadTopology } from "../../../../sim/live/herd/load.ts";
import { openGoogle } from "../../../../sim/live/places/google.ts";
import { statOf } from "../../../../sim/worlds/if_there.ts";
import { pythonServer, until } from "../herd/brought.ts";

/** It tells where it runs, and never listens. */
const DEAF = `
import os, time
with open(sys.argv[2] + ".new", "w") as file:
    file.write(os.getcwd())
os.rename(sys.argv[2] + ".new", sys.argv[2])
time.sleep(600)
`;

Deno.test("TriedHerd.start() that is ended tells if a folder is left", async () => {
  await using google = await openGoogle(denoPlatform);
  await using given = await pythonServer(DEAF);
  const told = `${given.folder}/told`;
  const interruption = new AbortController();
  const starting = TriedHerd.start(denoPlatform, {
    name: "kiwi",
    folder: given.folder,
    command: [...given.command, told],
    topology: loadTopology("line:1"),
  }, {
    google,
    signal: interruption.signal,
    ports: new Map(),
    note: () => {},
  });
  const failing = assertRejects(() => starting, Error, "it is in use");
  await until(() => Promise.resolve(statOf(told) !== undefined));
  const into = dirname(await Deno.readTextFile(told));
  const { remove } = Deno;
  Deno.remove = async (path, options) => {
    await remove(path, options);
    if (path === into) throw new Error("it is in use");
  };
  try {
    interruption.abort(new Error("interrupted"));
    await failing;
  } finally {
    Deno.remove = remove;
  }
});
