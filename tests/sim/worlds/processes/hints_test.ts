import { assertEquals } from "@std/assert";
import { hintOf, lastWordsOf } from "../../../../sim/worlds/processes/hints.ts";

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
          "python3: can't open file '/tmp/herd-1/copy/sever.py': [Errno 2]",
          "sever.py is not there, in the folder that it was brought from",
        ],
        [
          "Error: Cannot find module '/tmp/herd-1/copies/Ash/sever.js'",
          "sever.js is not there, in the folder that it was brought from",
        ],
        [
          "Error: Cannot find module './lib/herd'",
          "./lib/herd is not there, in the folder that it was brought from",
        ],
        [
          "Error: Cannot find module 'yaml'",
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
        ...[
          "OSError: [Errno 98] … : address already in use",
          "listen EADDRINUSE",
        ]
          .map((line) =>
            [
              line,
              "its port is taken: if another herd runs, --port-base takes " +
              "other ports",
            ] as const
          ),
        ["all is well", undefined],
      ] as const
    ) assertEquals(hintOf(["before", line, "after"]), hint, line);
  },
});

Deno.test({
  name: "lastWordsOf() tells what is wrong, though Node says more after it",
  permissions: "none",
  fn() {
    const node = [
      "Serving on 12110",
      "/tmp/herd-1/copy/server.js:3",
      "    known.get(name).push(fix)",
      "                    ^",
      "",
      "TypeError: Cannot read properties of undefined (reading 'push')",
      "    at Socket.<anonymous> (/tmp/herd-1/copy/server.js:3:21)",
      "    at Socket.emit (node:events:524:28)",
      "",
      "Node.js v20.20.2",
      "",
    ];
    assertEquals(lastWordsOf(node), node[5]);
    assertEquals(lastWordsOf(["out of beans", " Bye "]), "Bye");
    assertEquals(lastWordsOf(["Node.js v20.20.2"]), "Node.js v20.20.2");
    assertEquals(lastWordsOf([" "]), undefined);
  },
});
