/**
 * Replays the golden transcripts of tests/transcripts/, whose form
 * `transcript.ts` tells. A change of what servers say shows as a difference.
 * If it is meant, write them anew, and review them like code:
 *
 * ```sh
 * deno test -P tests/herd/core/transcripts_test.ts -- --update
 * ```
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { replay } from "./transcript.ts";
import { pure } from "./pure.ts";

const FOLDER = new URL("../../transcripts/", import.meta.url);
const NAMES = Array.from(Deno.readDirSync(FOLDER), ({ name }) => name)
  .filter((name) => name.endsWith(".txt")).sort();

for (const name of NAMES) {
  const path = new URL(name, FOLDER);
  const golden = Deno.readTextFileSync(path);
  if (Deno.args.includes("--update")) {
    Deno.writeTextFileSync(path, replay(golden));
    continue;
  }
  const title = name.replace(/\.txt$/, "").replaceAll("_", " ");
  pure(`Node says what is written: ${title}`, () => {
    assertEquals(
      replay(golden).split("\n"),
      golden.split("\n"),
      `What servers say differs from tests/transcripts/${name}`,
    );
  });
}

pure("replay() makes all output anew", () => {
  const input = "herd      ash-elm\nkiwi>ash  IAMAT kiwi +0-0 1\n";
  const whole = replay(input);
  assert(whole.includes("\nash>kiwi  AT ash "), whole);
  assert(whole.includes("\nash>elm   AT ash "), whole);
  assertEquals(replay(whole), whole);
  const forged = whole.replace("ash>elm   AT ash", "ash>elm   AT elm");
  assertEquals(replay(forged), whole);
});
