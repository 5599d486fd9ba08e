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
          "SyntaxError: multiple exception types must be parenthesized",
          "it is written for Python 2: bring it as python2",
        ],
        [
          "ModuleNotFoundError: No module named 'urllib2'",
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
        [
          "pyenv: python2: command not found",
          "there is no python2 on this machine",
        ],
        [
          "[Errno 2] No such file or directory: 'python3.9'",
          "there is no python3.9 on this machine",
        ],
        [
          "TypeError: run() got an unexpected keyword argument 'loop'",
          "it hands on loop=, as Python took it before 3.10: say " +
          "`python: 3.9` in herd.yaml",
        ],
        [
          "AttributeError: module 'collections' has no attribute 'Mapping'",
          "it is written for an older Python, which had Mapping: say which " +
          "in herd.yaml, as in `python: 3.9`",
        ],
        ["all is well", undefined],
      ] as const
    ) assertEquals(hintOf(["before", line, "after"]), hint, line);
  },
});
