/**
 * The real program at a terminal, which `script` of util-linux makes.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { NO_LINUX, unless, whyNoProgram } from "../../../skipped.ts";

const DEADLINE_MS = 60_000;
const ROOT = new URL("../../../../", import.meta.url);

/** A person at a terminal: waits for what is shown, then presses keys. */
async function sit(
  args: string,
  steps: readonly (readonly [shown: RegExp, keys: string])[],
): Promise<{ code: number; screen: string }> {
  const program = `"${Deno.execPath()}" run --quiet -P=herd ` +
    `sim/live/cli/herd_main.ts --no-page --places http://127.0.0.1:9 ${args}`;
  const child = new Deno.Command("script", {
    args: ["-qefc", program, "/dev/null"],
    cwd: ROOT,
    env: { TERM: "xterm", NO_COLOR: "" },
    signal: AbortSignal.timeout(DEADLINE_MS),
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const keyboard = child.stdin.getWriter();
  const todo = [...steps];
  let screen = "";
  let seen = 0;
  for await (
    const chunk of child.stdout.pipeThrough(new TextDecoderStream())
  ) {
    screen += chunk;
    for (let step = todo[0]; step !== undefined; step = todo[0]) {
      const found = step[0].exec(screen.slice(seen));
      if (found === null) break;
      seen += found.index + found[0].length;
      todo.shift();
      if (step[1] !== "") {
        await keyboard.write(new TextEncoder().encode(step[1]));
      }
    }
  }
  await keyboard.close().catch(() => {});
  const { code } = await child.status;
  assertEquals(todo, [], JSON.stringify(screen));
  return { code, screen };
}

const PROMPT = /herd> /;

Deno.test({
  ...unless(
    NO_LINUX ?? whyNoProgram("script"),
    "terminalEditor() completes, remembers, and shows results above the prompt",
  ),
  async fn() {
    const { code } = await sit("--topology line:2 --no-log", [
      [PROMPT, "ki"],
      [/ki/, "\t"],
      [/ll /, "s1\r"],
      [/s1 killed in/, "revi"],
      [/revi/, "\x15"],
      [PROMPT, "\x1b[A"],
      [/herd> kill s1/, "\r"],
      [/Cannot kill s1: it is stopped/, "quit\r"],
      [/stopping/, ""],
    ]);
    assertEquals(code, 0);
  },
});

for (const [name, key] of [["Ctrl-C", "\x03"], ["Ctrl-D", "\x04"]] as const) {
  Deno.test({
    ...unless(
      NO_LINUX ?? whyNoProgram("script"),
      `terminalEditor() ends the herd at ${name}`,
    ),
    async fn() {
      const { code, screen } = await sit("--topology line:1 --no-log", [
        [PROMPT, key],
        [/stopping/, ""],
      ]);
      assertEquals(code, 0);
      assert(screen.includes("\x1b[1mserver"), "Colour is for terminals");
      // Whatever is told of the end, nothing of the start comes again.
      const [, end = ""] = screen.split("stopping");
      assert(!end.includes("servers are up"), JSON.stringify(end));
    },
  });
}

Deno.test({
  ...unless(
    NO_LINUX ?? whyNoProgram("script"),
    "terminalEditor() clears what is typed at Ctrl-C, and goes on",
  ),
  async fn() {
    const { code } = await sit("--topology line:1 --no-log", [
      [/Tab completes them/, ""],
      [PROMPT, "kill s"],
      [/kill s/, "\x03"],
      [PROMPT, "status\r"],
      [/s0 .*up/, "quit\r"],
      [/stopping/, ""],
    ]);
    assertEquals(code, 0);
  },
});

Deno.test({
  ...unless(
    NO_LINUX ?? whyNoProgram("script"),
    "terminalEditor() stops waiting for a reply at Ctrl-C, and the herd stays",
  ),
  async fn() {
    const { code } = await sit("--topology line:2 --no-log", [
      [PROMPT, "pause s1\r"],
      [/s1 paused/, "send s1 IAMAT kiwi +1-1 5\r"],
      [/waiting: send s1 IAMAT kiwi/, "\x03"],
      [/stopped waiting/, "resume s1\r"],
      [/s1 resumed/, "send s1 WHATSAT kiwi 1 1\r"],
      [/AT s1/, "quit\r"],
      [/stopping/, ""],
    ]);
    assertEquals(code, 0);
  },
});

Deno.test({
  ...unless(
    NO_LINUX ?? whyNoProgram("script"),
    "terminalEditor() shows what comes to a log until Ctrl-C, and goes on",
  ),
  async fn() {
    const logs = await Deno.makeTempDir();
    try {
      const { code, screen } = await sit(
        `--topology line:2 --log-dir "${logs}" --log-level DEBUG`,
        [
          [PROMPT, "log -f s0 1 PING\r"],
          // Keepalives: one a second. So it goes on for more than a second.
          [/line-out +s1 +PING \d+\r?\n/, ""],
          [/line-out +s1 +PING \d+\r?\n/, "\x03"],
          [/stopped waiting/, "send s0 IAMAT kiwi +1-1 5\r"],
          [/AT s0/, "quit\r"],
          [/stopping/, ""],
        ],
      );
      assert(!screen.includes("waiting:"), screen);
      assertEquals(code, 0, screen);
    } finally {
      await Deno.remove(logs, { recursive: true });
    }
  },
});
