import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { parseOptions } from "../../bench/options.ts";
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
  const parsed = parseOptions(args, ALL, "here");
  assert(parsed.kind === "run");
  return parsed.options.sections.map(({ name }) => name);
}

function out(...args: string[]): string | undefined {
  const parsed = parseOptions(args, ALL, "here");
  assert(parsed.kind === "run");
  return parsed.options.out;
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
  const why = (...args: string[]) => {
    const parsed = parseOptions(args, ALL, "here");
    return parsed.kind === "bad" ? parsed.why : parsed.kind;
  };
  assertStringIncludes(why("mesages"), "did you mean messages?");
  assertStringIncludes(why("--fast"), "Unknown option --fast");
  assertStringIncludes(why("--out"), "--out takes a folder");
});

pure("parseOptions() lists all sections in its help", () => {
  const parsed = parseOptions(["--help"], ALL, "here");
  assert(parsed.kind === "help");
  for (const { title } of ALL) assertStringIncludes(parsed.text, title);
});
