/**
 * Gives every test a deadline, so that one that hangs fails by its name. The
 * tasks load this module before the tests: `--preload tests/deadline.ts`.
 *
 * @module
 */

/** No test takes nearly as long, however busy the machine is. */
const DEADLINE_MS = 300_000;

type TestArguments = readonly unknown[];

/** The arguments of a test, with a deadline unless they have one. */
function withTimeout(args: TestArguments, timeout: number): TestArguments {
  const [first, ...rest] = args;
  if (typeof first === "function") return [{ timeout }, first];
  if (typeof first !== "string") {
    return [{ timeout, ...first as Deno.TestDefinition }, ...rest];
  }
  const options = rest.length > 1 ? rest[0] as Deno.TestDefinition : {};
  return [first, { timeout, ...options }, rest.at(-1)];
}

/**
 * Has all tests that are registered from now on end by a deadline, whether they
 * wait or loop. A test that has a `timeout` of its own keeps it.
 */
export function setDeadline(ms: number): void {
  const test = new Proxy(Deno.test, {
    apply: (target, self, args: TestArguments) =>
      Reflect.apply(target, self, withTimeout(args, ms)),
  });
  Object.assign(Deno, { test });
}

setDeadline(DEADLINE_MS);
