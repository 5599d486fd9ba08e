/**
 * What a program's last lines say that is missing, in one line.
 *
 * @module
 */

/** Python 3 calls these by other names, or has them no more. */
const PYTHON_2_MODULES = "ConfigParser|Queue|SocketServer|StringIO|cPickle|" +
  "httplib|urllib2|urlparse";
const NOT_THERE = "$1 is not there, in the folder that it was brought from";
/** Where the copy is says nothing to who brought the folder. */
const COPY = /^\/.*\/cop(?:y|ies\/[^/]+)\//;
const IS_PYTHON_2 = "it is written for Python 2: bring it as python2";

/** How Node begins to say what is wrong. */
const NODE_ERROR = /^(?:Uncaught )?\w*Error\b/;

/** What a line looks like, and what it means; `$1` is what it names. */
const HINTS: readonly (readonly [RegExp, string])[] = [
  [/pyenv: ([^:]+): command not found/, "there is no $1 on this machine"],
  [
    /^\[Errno 2\] No such file or directory: '([^'/]+)'/,
    "there is no $1 on this machine",
  ],
  [
    /got an unexpected keyword argument '(loop)'/,
    "it hands on $1=, as Python took it before 3.10: say `python: 3.9` in " +
    "herd.yaml",
  ],
  [
    /module '(?:asyncio|collections)' has no attribute '(\w+)'/,
    "it is written for an older Python, which had $1: say which in herd.yaml, " +
    "as in `python: 3.9`",
  ],
  [
    new RegExp(
      `ModuleNotFoundError: No module named '(?:${PYTHON_2_MODULES})'`,
    ),
    IS_PYTHON_2,
  ],
  [
    /(?:can't open file|Cannot find module) '([./][^']+)'/,
    NOT_THERE,
  ],
  [
    /ModuleNotFoundError: No module named '([^']+)'/,
    "it needs the Python package $1, which is not installed",
  ],
  [/ImportError: No module named (\S+)/, "it needs the Python package $1"],
  [
    /Cannot find (?:module|package) '([^']+)'/,
    "it needs the Node package $1, which is not installed",
  ],
  [
    /SyntaxError: (?:Missing parentheses in call to '(?:print|exec)'|multiple exception types must be)/,
    IS_PYTHON_2,
  ],
  [
    /(?:FileNotFoundError|IOError|ENOENT).*['"]([^'"]+)['"]/,
    NOT_THERE,
  ],
  [
    /address already in use|EADDRINUSE/,
    "its port is taken: if another herd runs, --port-base takes other ports",
  ],
  [/NameError: name '(raw_input|unicode|xrange|long)'/, "$1 is of Python 2"],
];

/** What is missing, if the lines say so. */
export function hintOf(lines: readonly string[]): string | undefined {
  for (const line of [...lines].reverse()) {
    for (const [pattern, meaning] of HINTS) {
      const found = pattern.exec(line);
      const named = (found?.[1] ?? "").replace(COPY, "");
      if (found) return meaning.replace("$1", () => named);
    }
  }
  return undefined;
}

/**
 * What a program said last, as far as that tells something: Node says what is
 * wrong, then where it was, then its version.
 */
export function lastWordsOf(lines: readonly string[]): string | undefined {
  const last = lines.findLast((line) => line.trim() !== "");
  if (last === undefined || !/^Node\.js v\d/.test(last)) return last?.trim();
  return (lines.findLast((line) => NODE_ERROR.test(line)) ?? last).trim();
}
