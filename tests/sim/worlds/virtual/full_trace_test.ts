/**
 * Servers whose record of a drill has no room left.
 *
 * @module
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { runDrill, summary, verdictOf } from "../../../../mod.ts";
import { VirtualWorld } from "../../../../sim/worlds/virtual/virtual.ts";

/** Its servers may record but little. */
class Narrow extends VirtualWorld {
  readonly #bytes: number;

  constructor(bytes: number) {
    super(1);
    this.#bytes = bytes;
  }

  override start(...args: Parameters<VirtualWorld["start"]>) {
    const handle = super.start(...args);
    Object.assign(handle.trace!, { maxByteLength: this.#bytes });
    return handle;
  }
}

const DRILL = `
topology: line:3
steps:
  - load: { rate: 400/s, for: 500ms, clients: 2 }
`;

Deno.test("a server that can record no more ends, and fails its drill: nothing is left out of what is checked", async () => {
  const drill = { name: "full", folder: ".", text: DRILL };
  const result = await runDrill(drill, { world: new Narrow(8_192), seed: 1 });
  const told = summary(result);
  assertEquals(verdictOf(result), "failed", told);
  assertEquals(result.assessment.violations, [], told);
  assertStringIncludes(
    result.incidents.join("\n"),
    "crashed: Cannot record more than 8192 bytes",
  );
});
