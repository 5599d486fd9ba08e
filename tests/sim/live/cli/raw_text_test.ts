/**
 * Text of others in what a drill prints: it must not command a terminal.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { scenarioHere } from "./scenario_here.ts";
import { scenarioAlone } from "./scenario_program.ts";

const RAW = "\x1b]0;\x7f\u009b1m";
const SHOWN = String.raw`\x1b]0;\x7f\x9b1m`;
const YAML = String.raw`\e]0;\x7f\x9b1m`;
const FILE = `drill${RAW}.yaml`;

function assertHarmless(shown: string): void {
  // deno-lint-ignore no-control-regex
  assert(!/[\0-\x08\x0b-\x1f\x7f-\x9f]/.test(shown), JSON.stringify(shown));
}

/** The drill's own program, in a folder where the file is. */
async function drill(
  text: string,
  options: readonly string[],
): Promise<{ code: number; shown: string }> {
  const { code, out, err } = await scenarioAlone([FILE, ...options], {
    [FILE]: text,
  });
  assertHarmless(out + err);
  return { code, shown: out + err };
}

async function looked(text: string, action: string) {
  const { code, out, err } = await scenarioHere([FILE, action], {
    [FILE]: text,
  });
  assertHarmless(out + err);
  return { code, shown: out + err };
}

const HEAD = `name: "raw ${YAML}"\ntopology: line:2\nsteps:\n`;

Deno.test("scenario_main.ts prints no control character of a client, a file or a folder", async () => {
  const failing = HEAD +
    `- send: { line: "HELLO ${YAML}", to: s0, reply: "? HELLO ${YAML}" }\n` +
    `- send: { line: "HELLO ${YAML}", to: s0, matches: "^AT ${YAML}" }\n`;
  const folder = `report${RAW}`;
  const { code, shown } = await drill(failing, ["--report", folder]);
  assertEquals(code, 1, shown);
  for (const part of ["raw ", "HELLO ", "^AT ", "report: report"]) {
    assertStringIncludes(shown, `${part}${SHOWN}`);
  }
});

Deno.test("scenario_main.ts prints no control character of a file that it looks at", async () => {
  const right = `${HEAD}- send: { line: "${YAML}", to: s0 }\n`;
  for (const action of ["--validate", "--dry-run"]) {
    const { code, shown } = await looked(right, action);
    assertEquals(code, 0, shown);
    if (action === "--validate") assertStringIncludes(shown, `drill${SHOWN}`);
  }
  const wrong = `${HEAD}- send: { line: 1, to: "s0${YAML}" }\n`;
  const { code, shown } = await looked(wrong, "--validate");
  assertEquals(code, 2, shown);
  assertStringIncludes(shown, `drill${SHOWN}`);
});
