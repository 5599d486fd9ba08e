import { denoPlatform } from "../../../../herd/net/deno_platform.ts";
import { assert, assertEquals } from "@std/assert";
import { openLogFolder } from "../../../../sim/live/herd/log_folder.ts";

Deno.test("openLogFolder() keeps ten runs, those in use, and what is not its own", async () => {
  const logs = await Deno.makeTempDir();
  const run = (nth: number) =>
    `2020-01-01T00-00-${String(nth).padStart(2, "0")}Z`;
  try {
    for (let nth = 0; nth < 16; nth++) {
      await Deno.mkdir(`${logs}/${run(nth)}`);
      await Deno.writeTextFile(`${logs}/${run(nth)}/.run`, "");
      await Deno.writeTextFile(`${logs}/${run(nth)}/Alford.jsonl`, "{}\n");
      await Deno.writeTextFile(`${logs}/${run(nth)}/Alford.jsonl.1`, "{}\n");
    }
    await Deno.writeTextFile(`${logs}/${run(1)}/notes.txt`, "mine");
    await Deno.remove(`${logs}/${run(2)}/.run`);
    await Deno.writeTextFile(`${logs}/Alford-2020.jsonl`, "old");
    await Deno.mkdir(`${logs}/2020`);
    using used = await Deno.open(`${logs}/${run(3)}/.run`, { write: true });
    await used.lock(true);
    const opened = await Promise.all([
      openLogFolder(denoPlatform.clock, logs),
      openLogFolder(denoPlatform.clock, logs),
    ]);
    const names = [...Deno.readDirSync(logs)].map(({ name }) => name).sort();
    const own = opened.map(({ path }) => path.slice(logs.length + 1));
    assert(own[0] !== own[1] && own.every((name) => names.includes(name)));
    const kept = names.filter((name) => !own.includes(name));
    const last = Array.from({ length: 8 }, (_, at) => run(8 + at));
    assertEquals(
      kept,
      ["2020", run(1), run(2), run(3), ...last, "Alford-2020.jsonl"],
    );
    for (const folder of opened) folder.close();
  } finally {
    await Deno.remove(logs, { recursive: true });
  }
});

Deno.test("openLogFolder() keeps the folder of a run that goes on, until it is over", async () => {
  const logs = await Deno.makeTempDir();
  try {
    const long = await openLogFolder(denoPlatform.clock, logs);
    const isThere = () =>
      [...Deno.readDirSync(logs)].some(({ name }) => long.path.endsWith(name));
    for (let run = 0; run < 12; run++) {
      (await openLogFolder(denoPlatform.clock, logs)).close();
    }
    assert(isThere());
    long.close();
    (await openLogFolder(denoPlatform.clock, logs)).close();
    assert(!isThere());
  } finally {
    await Deno.remove(logs, { recursive: true });
  }
});
