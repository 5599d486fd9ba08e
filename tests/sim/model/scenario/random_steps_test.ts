import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { DisseminationMode } from "../../../../herd/core/dissemination/dissemination.ts";
import {
  Course,
  feasibleSteps,
} from "../../../../sim/model/scenario/feasible.ts";
import { generateTopology } from "../../../../sim/model/topology/generate.ts";
import {
  drawnNumbers,
  drawSteps,
  hasRandom,
  textWithDrawn,
  withClient,
  withDrawn,
  withSteps,
} from "../../../../sim/model/scenario/drawn.ts";
import type {
  Scenario,
  Step,
} from "../../../../sim/model/scenario/scenario.ts";
import {
  parseScenario,
  readDrawn,
} from "../../../../sim/model/scenario/parse.ts";
import {
  RANDOM_ACTIONS,
  RANDOM_LINK_FAULTS,
} from "../../../../sim/model/steps/random.ts";
import { YAML_ENV } from "../yaml_env.ts";

const SERVERS = ["s0", "s1", "s2"];
const TOPOLOGY = generateTopology("ring:3")!;

function read(text: string): Scenario {
  const { scenario, problems } = parseScenario(
    text,
    "a.yaml",
    () => generateTopology("ring:3")!,
  );
  assertEquals(problems, []);
  return scenario!;
}

function drawText(text: string, seed: number): string {
  return textWithDrawn(text, drawSteps(read(text).steps, TOPOLOGY, seed));
}

function draw(text: string, seed: number): { text: string; steps: Step[] } {
  const drawn = drawText(text, seed);
  return { text: drawn, steps: [...read(drawn).steps] };
}

Deno.test({
  name: "drawSteps() draws steps that can be carried out, by the seed alone",
  permissions: YAML_ENV,
  fn() {
    const text = "# kept\nsteps:\n  - random: {steps: 60, min_alive: 2}\n" +
      "  - expect: converged # kept too\n";
    fc.assert(fc.property(fc.nat(0xffff_ffff), (seed) => {
      const drawn = draw(text, seed);
      assertEquals(drawn.text, drawText(text, seed));
      assertEquals(drawn.steps.length, 61);
      assert(!hasRandom(drawn.steps));
      const course = new Course(SERVERS);
      for (const step of drawn.steps) {
        assert(course.take(step), `${step.kind} at line ${step.where.line}`);
        assert(course.up.length >= 2);
      }
      assert(drawn.text.startsWith("# kept\n"));
      assert(drawn.text.includes("# kept too"));
    }));
  },
});

Deno.test({
  name: "readDrawn() reads drawn steps as a reader of their text does",
  permissions: YAML_ENV,
  fn() {
    const text = "steps:\n  - wait: 1ms\n  - random: {steps: 60}\n" +
      "  - resume: all\n";
    const { steps } = read(text);
    const unplaced = (list: readonly Step[]) =>
      list.map(({ where: _, ...step }) => step);
    fc.assert(fc.property(fc.nat(0xffff_ffff), (seed) => {
      const drawn = drawSteps(steps, TOPOLOGY, seed);
      const ours = withDrawn(
        steps,
        drawn,
        (its, { where }) => readDrawn(its, where),
      );
      const theirs = read(textWithDrawn(text, drawn)).steps;
      assertEquals(unplaced(ours), unplaced(theirs));
      assertEquals(ours.map(({ where }) => where.line).slice(0, 2), [2, 3]);
      assertEquals(ours.at(-1)?.where.line, 4);
    }));
  },
});

Deno.test({
  name: "drawSteps() draws other steps for other seeds, of those it may",
  permissions: YAML_ENV,
  fn() {
    const text = "steps:\n  - random: {steps: 20, of: [iamat, wait]}\n";
    assert(draw(text, 1).text !== draw(text, 2).text);
    const kinds = new Set(draw(text, 1).steps.map(({ kind }) => kind));
    assertEquals(kinds, new Set(["iamat", "wait"]));
  },
});

Deno.test({
  name: "drawSteps() draws fixes of as many clients as are asked for",
  permissions: YAML_ENV,
  fn() {
    const text = "steps:\n  - random: {steps: 80, of: [iamat], clients: 4}\n";
    const clients = draw(text, 7).steps.flatMap((step) =>
      step.kind === "iamat" ? [step.client] : []
    );
    assertEquals([...new Set(clients)].sort(), ["c1", "c2", "c3", "c4"]);
  },
});

Deno.test({
  name:
    "drawnNumbers() tells where the steps drawn stand, of several draws too",
  permissions: YAML_ENV,
  fn() {
    const text = "steps:\n  - wait: 1ms\n  - random: {steps: 3, of: [wait]}\n" +
      "  - revive: all\n  - wait: 1ms\n  - random: {steps: 2, of: [wait]}\n";
    const { steps } = draw(text, 7);
    const drawn = drawSteps(read(text).steps, TOPOLOGY, 7);
    assertEquals(drawnNumbers(read(text).steps, drawn), [1, 2, 3, 6, 7]);
    assertEquals(steps[4]?.kind, "revive");
    assertEquals(steps.length, 8);
  },
});

Deno.test({
  name: "drawSteps() draws fixes of equal times",
  permissions: YAML_ENV,
  fn() {
    const text = "steps:\n  - random: {steps: 50, of: [iamat], times: 3}\n";
    const times = draw(text, 7).steps.flatMap((step) =>
      step.kind === "iamat" ? [step.time] : []
    );
    assertEquals(new Set(times).size, 3);
  },
});

Deno.test({
  name: "feasibleSteps() leaves out what can't be done, and what does nothing",
  permissions: YAML_ENV,
  fn() {
    const { steps } = read(`
steps:
  - revive: all
  - kill: s1
  - kill: s1
  - iamat: {client: a, position: +1+1, to: s1}
  - iamat: {client: a, position: +1+1, to: s2}
  - pause: [s0, s1]
  - resume: all
  - revive: all
  - revive: s1
  - pause: s1
  - kill: s1
  - resume: s1
  - wait: 1ms
`);
    const lines = feasibleSteps(steps, SERVERS).map(({ where }) => where.line);
    assertEquals(lines, [4, 7, 10, 12, 14, 15]);
  },
});

Deno.test({
  name: "withClient() has another client do what one did, in every step",
  permissions: YAML_ENV,
  fn() {
    const text = "# two\nsteps:\n  - iamat: { client: c2, to: s1 }\n" +
      "  - parallel:\n      - expect: { client: c2, on: c2 }\n";
    assertEquals(
      withClient(text, "c2", "c1"),
      text.replaceAll("client: c2", "client: c1"),
    );
  },
});

Deno.test({
  name: "withSteps() leaves all else of the text as it was",
  permissions: YAML_ENV,
  fn() {
    const text = "# top\nname: a\nsteps:\n  # one\n  - kill: s1\n" +
      "  - wait: 1ms # two\n  - revive: s1\n";
    assertEquals(
      withSteps(text, new Set([0, 2])),
      "# top\nname: a\nsteps:\n  # one\n  - kill: s1\n  - revive: s1\n",
    );
  },
});

Deno.test({
  name: "drawSteps() draws faults of links that end by themselves",
  permissions: YAML_ENV,
  fn() {
    const text = "steps:\n  - random: {steps: 200, of: all}\n";
    const { steps } = draw(text, 1);
    const kinds = new Set<string>(steps.map(({ kind }) => kind));
    for (const kind of RANDOM_ACTIONS) {
      assertEquals(kinds.has(kind), kind !== "whatsat", kind);
    }
    for (const step of steps) {
      if (!RANDOM_LINK_FAULTS.includes(step.kind)) continue;
      assert(step.kind === "reset" || "durationMs" in step, step.kind);
    }
  },
});

Deno.test({
  name: "drawSteps() draws questions where updates stay until someone asks",
  permissions: YAML_ENV,
  fn() {
    const { steps } = read("steps:\n  - random: {steps: 200}\n");
    const kindsIn = (mode: DisseminationMode) => {
      const drawn = drawSteps(steps, TOPOLOGY, 1, mode);
      const its = withDrawn(
        steps,
        drawn,
        (one, { where }) => readDrawn(one, where),
      );
      return new Set<string>(its.map(({ kind }) => kind));
    };
    assert(kindsIn("ondemand").has("whatsat"));
    for (const mode of ["flood", "tree"] as const) {
      assert(!kindsIn(mode).has("whatsat"), mode);
    }
  },
});

Deno.test({
  name: "drawSteps() draws of a swarm some kinds, and others for other seeds",
  permissions: YAML_ENV,
  fn() {
    const { steps } = read(
      "steps:\n  - random: {steps: 200, of: all, swarm: true}\n",
    );
    const drawn = Array.from({ length: 20 }, (_, seed) => {
      const its = withDrawn(
        steps,
        drawSteps(steps, TOPOLOGY, seed),
        (one, { where }) => readDrawn(one, where),
      );
      const kinds = new Set(its.map(({ kind }) => kind));
      assert(kinds.has("iamat"));
      assert(kinds.size < RANDOM_ACTIONS.length, `all of them, seed ${seed}`);
      return [...kinds].toSorted().join();
    });
    assert(new Set(drawn).size > 15);
  },
});
