/**
 * Lint rules for sizes: a module is read in one go, and a function fits a
 * screen.
 *
 * @module
 */

import { fileURLToPath } from "node:url";

/** Lines of a module at most. */
export const FILE_LINES_MAX = 400;
/** Lines of a function at most, its signature too. */
export const FUNCTION_LINES_MAX = 70;

/** The folders whose sizes are checked. */
export const FOLDERS: readonly string[] = ["bench/", "herd/", "sim/", "std/"]
  .map((name) => fileURLToPath(new URL(`../../${name}`, import.meta.url)));

const FUNCTIONS =
  "FunctionDeclaration, FunctionExpression, ArrowFunctionExpression";

function isChecked(path: string): boolean {
  return FOLDERS.some((folder) => path.startsWith(folder));
}

export function linesOf(text: string): number {
  return text.trimEnd().split("\n").length;
}

/** What Deno's lint loads. */
export const plugin: Deno.lint.Plugin = {
  name: "sizes",
  rules: {
    "file-lines": {
      create(context) {
        if (!isChecked(context.filename)) return {};
        return {
          Program(node) {
            const lines = linesOf(context.sourceCode.text);
            if (lines <= FILE_LINES_MAX) return;
            const message =
              `A module of ${lines} lines, more than ${FILE_LINES_MAX}`;
            context.report({
              range: [node.range[0], node.range[0] + 1],
              message,
            });
          },
        };
      },
    },
    "function-lines": {
      create(context) {
        if (!isChecked(context.filename)) return {};
        return {
          [FUNCTIONS](node: Deno.lint.FunctionDeclaration) {
            const lines = linesOf(context.sourceCode.getText(node));
            if (lines <= FUNCTION_LINES_MAX) return;
            const message =
              `A function of ${lines} lines, more than ${FUNCTION_LINES_MAX}`;
            context.report({
              range: [node.range[0], node.range[0] + 1],
              message,
            });
          },
        };
      },
    },
  },
};

export default plugin;
