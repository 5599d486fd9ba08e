/**
 * A class is graded: right submissions, and among them one each that storms, that
 * hangs, that forks, and that fills its log. They cost the others nothing, and
 * all get the marks that they get alone. It says how long that took.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { handIn, HOSTILE, STYLES, whyNot } from "./specimens.ts";

const SIZE = Number(Deno.env.get("CLASS_SIZE") ?? 60);
const MAIN = new URL("../../sim/live/cli/grade_main.ts", import.meta.url);
/** Runs a command, and says what it and all that it began have used. */
const MEASURED = `
import resource, subprocess, sys, time
began = time.monotonic()
code = subprocess.call(sys.argv[1:], stdout=subprocess.DEVNULL)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(time.monotonic() - began, used.ru_utime + used.ru_stime)
sys.exit(code)
`;

/** Writes a class; the hostile ones stand in the midst of it. */
async function writeClass(folder: string): Promise<Map<string, string>> {
  const hostile = ["storm", ...Object.keys(HOSTILE)];
  const right: string[] = [];
  for (const name of Object.keys(STYLES)) {
    const why = whyNot(name);
    if (why === undefined) right.push(name);
    else console.log(`the class is without ${name}: ${why}`);
  }
  const every = Math.max(1, Math.floor(SIZE / hostile.length));
  const written = new Map<string, string>();
  for (let at = 0; at < SIZE; at++) {
    const isHostile = at % every === every - 1;
    const name = isHostile && hostile.shift() || right[at % right.length]!;
    const submission = `s${String(at).padStart(3, "0")}`;
    await handIn(name, `${folder}/${submission}`);
    written.set(submission, name);
  }
  return written;
}

Deno.test({
  name: `a class of ${SIZE} with four hostile ones gets its marks`,
  timeout: 3_600_000,
  async fn() {
    const root = await Deno.makeTempDir();
    try {
      const written = await writeClass(`${root}/class`);
      const grading = [
        ...[Deno.execPath(), "run", "--quiet", "-P=herd", MAIN.pathname],
        ...[`${root}/class`, "--csv", `${root}/marks.csv`],
      ];
      const { success, stdout } = await new Deno.Command("python3", {
        args: ["-c", MEASURED, ...grading],
        stderr: "inherit",
      }).output();
      assertEquals(success, true);
      const [seconds = 0, cpu = 0] = new TextDecoder().decode(stdout)
        .split(" ").map(Number);
      console.log(
        `${SIZE} submissions, ${navigator.hardwareConcurrency} processors: ` +
          `${(seconds / 60).toFixed(1)} min, ${(cpu / SIZE).toFixed(1)} s of ` +
          "processor time each",
      );
      const csv = await Deno.readTextFile(`${root}/marks.csv`);
      const rows = csv.trimEnd().split("\n").slice(1);
      assertEquals(rows.length, SIZE);
      for (const row of rows) {
        const [submission = "", mark, of, ...rest] = row.split(",");
        const name = written.get(submission)!;
        if (name in STYLES) assertEquals([mark, of], ["100", "100"], row);
        else assert(rest.at(-1) !== "", row);
        if (name === "storm") assertEquals(mark, "0", row);
      }
    } finally {
      await Deno.remove(root, { recursive: true });
    }
  },
});
