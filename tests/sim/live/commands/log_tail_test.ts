import { denoPlatform } from "../../../../herd/net/deno_platform.ts";
import { assertEquals } from "@std/assert";
import {
  lastLines,
  linesToCome,
} from "../../../../sim/live/commands/log_tail.ts";

/** A new folder, removed at the end. */
function folder() {
  const path = Deno.makeTempDirSync();
  return {
    path,
    [Symbol.dispose]: () => Deno.removeSync(path, { recursive: true }),
  };
}

Deno.test("lastLines() gives the same as reading the whole file", async () => {
  using logs = folder();
  const path = `${logs.path}/a`;
  const long = "é".repeat(50_000);
  const texts = ["", "\n", "one", "one\ntwo\n", `\n\n${long}\n${long}\nend\n`];
  for (const text of texts) {
    await Deno.writeTextFile(path, text);
    const lines = text.split("\n");
    if (lines.at(-1) === "") lines.pop();
    for (const count of [1, 2, 3, 100]) {
      assertEquals(await lastLines(path, count), lines.slice(-count));
    }
  }
});

Deno.test("lastLines() gives the last of those that are wanted, however far up", async () => {
  using logs = folder();
  const path = `${logs.path}/a`;
  const filler = "x".repeat(100) + "\n";
  const text = `kiwi 1\nkiwi 2\n\n${filler.repeat(2_000)}kiwi 3\n${filler}`;
  await Deno.writeTextFile(path, text);
  const isWanted = (line: string) => line.includes("kiwi");
  assertEquals(await lastLines(path, 2, isWanted), ["kiwi 2", "kiwi 3"]);
  assertEquals(await lastLines(`${path}.1`, 2, isWanted), []);
});

Deno.test("linesToCome() gives whole lines, also of a file begun anew", async () => {
  using logs = folder();
  const path = `${logs.path}/a`;
  await Deno.writeTextFile(path, "before\n");
  const stop = new AbortController();
  const isWanted = (line: string) => !line.startsWith("no");
  const lines = linesToCome(denoPlatform.clock, path, isWanted, stop.signal);
  const next = async () => (await lines.next()).value;
  const first = next();
  Deno.writeTextFileSync(path, "one\nno\ntw", { append: true });
  assertEquals(await first, ["one"]);
  await Deno.writeTextFile(path, "o\n", { append: true });
  assertEquals(await next(), ["two"]);
  await Deno.rename(path, `${path}.1`);
  await Deno.writeTextFile(path, "three\n");
  assertEquals(await next(), ["three"]);
  stop.abort();
  assertEquals(await next(), undefined);
});
