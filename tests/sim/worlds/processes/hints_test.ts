import { assertEquals } from "@std/assert";
import { hintOf } from "../../../../sim/worlds/processes/hints.ts";

Deno.test({
  name: "hintOf() says in a line what a program lacks",
  permissions: "none",
  fn() {
    for (
      const [line, hint] of [
        [
          "ModuleNotFoundError: No module named 'aiohttp'",
          "it needs the Python package aiohttp, which is not installed",
        ],
        [
          "ImportError: No module named twisted.internet",
          "it needs the Python package twisted.internet",
        ],
        [
          "SyntaxError: Missing parentheses in call to 'print'. Did you mean",
          "it is written for Python 2: bring it as python2",
        ],
        [
          "FileNotFoundError: [Errno 2] No such file or directory: 'logs/a'",
          "logs/a is not there, in the folder that it was brought from",
        ],
        [
          "Error [ERR_MODULE_NOT_FOUND]: Cannot find package 'yaml' imported",
          "it needs the Node package yaml, which is not installed",
        ],
        ["all is well", undefined],
      ] as const
    ) assertEquals(hintOf(["before", line, "after"]), hint, line);
  },
});
