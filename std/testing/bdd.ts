/**
 * Stand-in for `@std/testing/bdd`: `describe()` and `it()` over Deno's own
 * tests and steps, so that the sanitizers watch every one.
 *
 * @module
 */

/** What is run before or after tests. */
export type Hook = () => void | Promise<void>;
/** A test. */
export type Body = (t: Deno.TestContext) => void | Promise<void>;

interface Case {
  readonly name: string;
  readonly body: Body;
  readonly ignore: boolean;
  readonly only: boolean;
}

interface Suite {
  readonly name: string;
  readonly ignore: boolean;
  readonly only: boolean;
  readonly children: (Suite | Case)[];
  readonly beforeAll: Hook[];
  readonly afterAll: Hook[];
  readonly beforeEach: Hook[];
  readonly afterEach: Hook[];
}

/** The suites being described, the innermost last. */
const open: Suite[] = [];

function isSuite(child: Suite | Case): child is Suite {
  return "children" in child;
}

function hasOnly(child: Suite | Case): boolean {
  return child.only || (isSuite(child) && child.children.some(hasOnly));
}

async function runCase(t: Deno.TestContext, path: Suite[], one: Case) {
  for (const suite of path) for (const hook of suite.beforeEach) await hook();
  try {
    await one.body(t);
  } finally {
    for (const suite of path.toReversed()) {
      for (const hook of suite.afterEach) await hook();
    }
  }
}

async function runSuite(t: Deno.TestContext, path: Suite[]) {
  const suite = path[path.length - 1]!;
  const someOnly = suite.children.some(hasOnly);
  try {
    for (const hook of suite.beforeAll) await hook();
    for (const child of suite.children) {
      await t.step({
        name: child.name,
        ignore: child.ignore || (someOnly && !hasOnly(child)),
        fn: (t) =>
          isSuite(child)
            ? runSuite(t, [...path, child])
            : runCase(t, path, child),
      });
    }
  } finally {
    for (const hook of suite.afterAll) await hook();
  }
}

function addSuite(
  name: string,
  fn: () => void,
  ignore: boolean,
  only: boolean,
) {
  const suite: Suite = {
    name,
    ignore,
    only,
    children: [],
    beforeAll: [],
    afterAll: [],
    beforeEach: [],
    afterEach: [],
  };
  const parent = open.at(-1);
  open.push(suite);
  try {
    fn();
  } finally {
    open.pop();
  }
  if (parent !== undefined) parent.children.push(suite);
  else {
    Deno.test({
      name,
      ignore,
      only: hasOnly(suite),
      fn: (t) => runSuite(t, [suite]),
    });
  }
}

function addCase(name: string, body: Body, ignore: boolean, only: boolean) {
  const parent = open.at(-1);
  if (parent !== undefined) parent.children.push({ name, body, ignore, only });
  else Deno.test({ name, ignore, only, fn: body });
}

function hooks(kind: "beforeAll" | "afterAll" | "beforeEach" | "afterEach") {
  return (hook: Hook): void => {
    const suite = open.at(-1);
    if (suite === undefined) {
      throw new TypeError(`Cannot call ${kind}(): not inside describe()`);
    }
    suite[kind].push(hook);
  };
}

/** The function `describe()`, and its two variants. */
export interface Describe {
  /** Describes a suite: `fn` calls `it()` and the hooks. */
  (name: string, fn: () => void): void;
  /** The same, but the suite is not run. */
  skip(name: string, fn: () => void): void;
  /** The same, but only this suite is run. */
  only(name: string, fn: () => void): void;
}

/** The function `it()`, and its two variants. */
export interface It {
  /** Adds a test to the suite being described, or one of its own. */
  (name: string, fn: Body): void;
  /** The same, but the test is not run. */
  skip(name: string, fn: Body): void;
  /** The same, but only this test is run. */
  only(name: string, fn: Body): void;
}

/** Describes a suite of tests; suites nest. */
export const describe: Describe = Object.assign(
  (name: string, fn: () => void) => addSuite(name, fn, false, false),
  {
    skip: (name: string, fn: () => void) => addSuite(name, fn, true, false),
    only: (name: string, fn: () => void) => addSuite(name, fn, false, true),
  },
);

/** Adds a test. */
export const it: It = Object.assign(
  (name: string, fn: Body) => addCase(name, fn, false, false),
  {
    skip: (name: string, fn: Body) => addCase(name, fn, true, false),
    only: (name: string, fn: Body) => addCase(name, fn, false, true),
  },
);

/** Has `hook` run once, before the tests of the suite. */
export const beforeAll: (hook: Hook) => void = hooks("beforeAll");
/** Has `hook` run once, after the tests of the suite. */
export const afterAll: (hook: Hook) => void = hooks("afterAll");
/** Has `hook` run before each test of the suite and of those inside it. */
export const beforeEach: (hook: Hook) => void = hooks("beforeEach");
/** Has `hook` run after each test of the suite and of those inside it. */
export const afterEach: (hook: Hook) => void = hooks("afterEach");
