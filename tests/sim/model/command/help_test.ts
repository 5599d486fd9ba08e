import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { unicodeWidth } from "@std/cli";
import {
  type CommandName,
  COMMANDS,
  parseCommand,
} from "../../../../sim/model/command/command.ts";
import { helpText } from "../../../../sim/model/command/help.ts";

const COLUMNS = 80;
const SERVERS = ["Alford", "Bolden", "Hamilton", "Parker", "Powell"];
const NAMES = Object.keys(COMMANDS) as CommandName[];

function test(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

test("helpText() fits a terminal of 80 columns", () => {
  for (const about of [undefined, ...NAMES]) {
    for (const line of helpText(about).split("\n")) {
      assert(unicodeWidth(line) <= COLUMNS, line);
    }
  }
});

test("helpText() has a line of its own for each command", () => {
  const lines = helpText().split("\n");
  for (const name of NAMES) {
    const its = lines.filter((line) => line.startsWith(`${name} `));
    assertEquals(its.length, 1, name);
  }
});

test("helpText() tells of one command how it is written, and gives examples that can be typed", () => {
  for (const name of NAMES) {
    const text = helpText(name);
    const { usage, does, examples = [] } = COMMANDS[name];
    assertStringIncludes(text, usage);
    assertStringIncludes(text, does);
    for (const example of examples) {
      assertStringIncludes(text, example);
      const parsed = parseCommand(example, SERVERS);
      assert(parsed?.ok, example);
      assertEquals(parsed.command.kind, name);
    }
  }
});

test("parseCommand() takes ? for help, and exit for quit", () => {
  for (const [alias, name] of [["?", "help"], ["exit", "quit"]] as const) {
    assertStringIncludes(helpText(name), `${alias} does the same`);
    for (
      const [short, long] of [
        [alias, name],
        [`${alias} kill`, `${name} kill`],
        [`help ${alias}`, `help ${name}`],
      ]
    ) {
      assertEquals(parseCommand(short!, SERVERS), parseCommand(long!, SERVERS));
    }
  }
});
