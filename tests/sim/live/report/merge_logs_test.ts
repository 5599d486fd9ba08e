import { assertEquals } from "@std/assert";
import { mergeLogs } from "../../../../sim/live/report/merge_logs.ts";

async function merged(...logs: string[]): Promise<string> {
  const folder = await Deno.makeTempDir();
  try {
    const paths = logs.map((_, index) => `${folder}/${index}.jsonl`);
    for (const [index, log] of logs.entries()) {
      await Deno.writeTextFile(paths[index]!, log);
    }
    paths.push(`${folder}/none.jsonl`);
    const target = `${folder}/all.jsonl`;
    await mergeLogs(paths, target);
    return await Deno.readTextFile(target);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function line(atMs: number, text: string, stepMs = 0): string {
  const monotonicMs = 1_772_366_400_000 + atMs;
  const time = new Date(monotonicMs + stepMs).toISOString();
  return `${JSON.stringify({ time, monotonicMs, text })}\n`;
}

Deno.test("mergeLogs() orders lines by time, and those of one time by file", async () => {
  const text = await merged(
    line(1, "a1") + line(3, "a3") + line(9, "a9"),
    line(2, "b2") + line(3, "b3"),
    "",
  );
  assertEquals(
    text,
    line(1, "a1") + line(2, "b2") + line(3, "a3") + line(3, "b3") +
      line(9, "a9"),
  );
});

Deno.test("mergeLogs() keeps what happened in its order when the system's clock is set", async () => {
  const step = -60_000;
  const text = await merged(
    line(1, "a1") + line(9.5, "a9", step) + line(10, "a10", step),
    line(2, "b2") + line(9.25, "b9", step) + line(11, "b11", step),
  );
  const texts = [...text.matchAll(/"text":"(\w+)"/g)].map(([, it]) => it);
  assertEquals(texts, ["a1", "b2", "b9", "a9", "a10", "b11"]);
});

Deno.test("mergeLogs() keeps a line that says no time behind the one before", async () => {
  const text = await merged(
    line(1, "a1") + '{"time":"cut\n' + "\n" + line(5, "a5") + '{"time":"20',
    line(2, "b2") + line(6, "b6"),
  );
  assertEquals(
    text,
    line(1, "a1") + '{"time":"cut\n' + "\n" + line(2, "b2") + line(5, "a5") +
      '{"time":"20\n' + line(6, "b6"),
  );
});

Deno.test("mergeLogs() loses nothing of logs longer than a chunk", async () => {
  const logs = Array.from(
    { length: 3 },
    (_, log) =>
      Array.from(
        { length: 5_000 },
        (_, i) => line(i * 3 + log, "é🥝".repeat(i % 40)),
      ),
  );
  logs[1]![2_500] = line(7_501, "x".repeat(300_000));
  const text = await merged(...logs.map((lines) => lines.join("")));
  const expected = logs[0]!.flatMap((_, i) => logs.map((lines) => lines[i]));
  assertEquals(text === expected.join(""), true);
});
