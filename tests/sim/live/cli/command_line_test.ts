import { assertEquals, assertThrows } from "@std/assert";
import {
  anyText,
  oneWordOf,
  readCommandLine,
  wholeNumber,
} from "../../../../sim/live/cli/command_line.ts";
import { UsageError } from "../../../../sim/live/cli/usage_error.ts";
import { pure } from "../../../herd/core/pure.ts";

const TAKEN = {
  string: ["report", "secret-file"],
  boolean: ["quick", "page"],
  negatable: ["page"],
  default: { page: true },
} as const;

pure(
  "readCommandLine() tells options from words, which stay as they are",
  () => {
    const taken = { ...TAKEN, takesWords: true };
    const { options, words } = readCommandLine(
      ["2014", "--report", "here", "1e3", "--no-page", "--quick"],
      taken,
    );
    assertEquals(words, ["2014", "1e3"]);
    assertEquals(options.report, "here");
    assertEquals([options.quick, options.page, options.help], [
      true,
      false,
      false,
    ]);
    assertEquals(options["secret-file"], undefined);
  },
);

pure("readCommandLine() says what is wrong, unless help is wanted", () => {
  for (
    const [args, why] of [
      [["--reprt", "x"], "no option --reprt, did you mean --report?"],
      [["--nopage"], "no option --nopage, did you mean --no-page?"],
      [["--zzzzzzzz"], "no option --zzzzzzzz, see --help"],
      [["--secret", "x"], "--secret: a command line can be read by everybody"],
      [["--report"], "--report needs a value"],
      [["--report", ""], "--report needs a value"],
      [["--quick=maybe"], "--quick takes no value"],
      [["--quick="], "--quick takes no value"],
      [["--no-page=true"], "--no-page takes no value"],
      [["2014"], '"2014" is no option, see --help'],
      [[""], '"" is no option, see --help'],
    ] as const
  ) {
    assertThrows(() => readCommandLine(args, TAKEN), UsageError, why);
  }
  const { options } = readCommandLine(["--report", "", "--help"], TAKEN);
  assertEquals(options.help, true);
});

pure(
  "readCommandLine() takes a flag as true or false, and words as any",
  () => {
    const taken = { ...TAKEN, takesWords: true, stopEarly: true };
    for (const arg of ["--quick=true", "--quick=false"]) {
      const { options } = readCommandLine([arg, "--page=false"], taken);
      assertEquals(options.quick, arg === "--quick=true");
      assertEquals(options.page, false);
    }
    for (const args of [["send", "--quick=no"], ["--", "--quick=no"]]) {
      const { options, words } = readCommandLine(args, taken);
      assertEquals([options.quick, words.at(-1)], [false, "--quick=no"]);
    }
  },
);

pure("readCommandLine() reads values, unless help is wanted", () => {
  const taken = {
    values: {
      jobs: wholeNumber(1, 64),
      mode: oneWordOf(["flood", "tree"]),
      out: anyText,
    },
  };
  const { options } = readCommandLine(["--jobs=64", "--out", "7"], taken);
  assertEquals([options.jobs, options.mode, options.out], [
    64,
    undefined,
    "7",
  ]);
  for (
    const [args, why] of [
      [["--jobs", "65"], '--jobs: "65" is no whole number from 1 to 64'],
      [["--jobs", "1e1"], '--jobs: "1e1" is no whole number'],
      [["--mode", "treee"], '--mode: no "treee", did you mean tree?'],
      [["--mode="], "--mode needs a value"],
    ] as const
  ) {
    assertThrows(() => readCommandLine(args, taken), UsageError, why);
  }
  const asked = readCommandLine(["--jobs", "no", "--help"], taken);
  assertEquals(asked.options.help, true);
});
