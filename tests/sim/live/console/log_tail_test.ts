import { assertEquals } from "@std/assert";
import { lastLines, newestLog } from "../../../../sim/live/console/log_tail.ts";

/** A new folder, removed at the end. */
function folder() {
  const path = Deno.makeTempDirSync();
  return {
    path,
    [Symbol.dispose]: () => Deno.removeSync(path, { recursive: true }),
  };
}

Deno.test("newestLog() finds the newest run of that server alone", async () => {
  using logs = folder();
  assertEquals(await newestLog(logs.path, "Bona"), undefined);
  for (
    const name of [
      "Bona-2026-03-01T12-00-00Z.jsonl",
      "Bona-2026-03-02T09-00-00Z.jsonl",
      "Bona-x-2026-03-03T12-00-00Z.jsonl",
      "Bonanza-2026-03-03T12-00-00Z.jsonl",
      "Bona-notes.jsonl",
    ]
  ) await Deno.writeTextFile(`${logs.path}/${name}`, "");
  assertEquals(
    await newestLog(logs.path, "Bona"),
    `${logs.path}/Bona-2026-03-02T09-00-00Z.jsonl`,
  );
});

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
