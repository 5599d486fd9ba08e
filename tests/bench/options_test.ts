import {
  assert,
  assertEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { helpText, parseOptions } from "../../bench/options.ts";
import { UsageError } from "../../sim/live/cli/usage_error.ts";
import type { Section } from "../../bench/sections/section.ts";
import { pure } from "../herd/core/pure.ts";

function section(name: string): Section {
  return {
    name,
    title: `about ${name}`,
    seconds: 100,
    run: () => Promise.reject(new Error("not run here")),
  };
}

const ALL = [section("one-server"), section("messages")];

function names(...args: string[]): string[] {
  const options = parseOptions(args, ALL, "here");
  assert(options !== "help");
  return options.sections.map(({ name }) => name);
}

function out(...args: string[]): string | undefined {
  const options = parseOptions(args, ALL, "here");
  assert(options !== "help");
  return options.out;
}

pure(
  "parseOptions() takes all sections, or those named, in their order",
  () => {
    assertEquals(names(), ["one-server", "messages"]);
    assertEquals(names("messages"), ["messages"]);
    assertEquals(names("messages", "one-server"), ["one-server", "messages"]);
  },
);

pure("parseOptions() has only a whole run write where nothing is said", () => {
  assertEquals(out(), "here");
  assertEquals(out("messages"), undefined);
  assertEquals(out("--quick"), undefined);
  assertEquals(out("--quick", "--out", "there"), "there");
});

pure("parseOptions() tells what is wrong", () => {
  const wrong = (arg: string, why: string) =>
    assertThrows(() => parseOptions([arg], ALL, "here"), UsageError, why);
  wrong("mesages", "did you mean messages?");
  wrong("--fast", "no option --fast");
  wrong("--out", "--out needs a value");
});

pure("helpText() lists all sections", () => {
  assertEquals(parseOptions(["--help"], ALL, "here"), "help");
  for (const { title } of ALL) assertStringIncludes(helpText(ALL), title);
});
