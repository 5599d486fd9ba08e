/**
 * Changes to the text of a scenario that leave all else of it as its author
 * wrote it: random steps drawn, steps left out, another topology.
 *
 * @module
 */
import {
  type Document,
  isMap,
  isScalar,
  isSeq,
  parseDocument,
  visit,
  type YAMLSeq,
} from "yaml";
import { Random } from "../random.ts";
import { randomSteps } from "./random_steps.ts";
import type { Step } from "./scenario.ts";

/** Whether a plan has steps that are still to be drawn. */
export function hasRandom(steps: readonly Step[]): boolean {
  return steps.some(({ kind }) => kind === "random");
}

/**
 * The text with each `random` step replaced by the steps drawn for it. The same
 * seed draws the same steps.
 *
 * @param steps The plan that was read from the text.
 */
export function drawRandom(
  text: string,
  steps: readonly Step[],
  servers: readonly string[],
  seed: number,
): string {
  const random = new Random(seed, "random steps");
  return withItems(text, (document, items) =>
    items.flatMap((item, index) => {
      const step = steps[index]!;
      if (step.kind !== "random") return [item];
      return randomSteps(step, servers, random).map((drawn) =>
        document.createNode(drawn, { flow: true })
      );
    }));
}

/**
 * The numbers that the steps drawn by {@linkcode drawRandom} have, from 0, in
 * the plan that it makes of these.
 */
export function drawnNumbers(steps: readonly Step[]): number[] {
  let next = 0;
  return steps.flatMap((step) => {
    const first = next;
    next += step.kind === "random" ? step.count : 1;
    return step.kind === "random"
      ? Array.from({ length: step.count }, (_, i) => first + i)
      : [];
  });
}

/** The text with those of its steps whose numbers, from 0, are in `kept`. */
export function withSteps(text: string, kept: ReadonlySet<number>): string {
  return withItems(
    text,
    (_, items) => items.filter((_, index) => kept.has(index)),
  );
}

export function withTopology(text: string, name: string): string {
  const document = parseDocument(text, { schema: "failsafe" });
  document.set("topology", name);
  return document.toString({ lineWidth: 0 });
}

/** The text in which what one client does is done by another. */
export function withClient(text: string, from: string, to: string): string {
  const document = parseDocument(text, { schema: "failsafe" });
  visit(document, {
    Pair(_, { key, value }) {
      const isClient = isScalar(key) && key.value === "client";
      if (isClient && isScalar(value) && value.value === from) {
        value.value = to;
      }
    },
  });
  return document.toString({ lineWidth: 0 });
}

function withItems(
  text: string,
  change: (document: Document, items: YAMLSeq["items"]) => YAMLSeq["items"],
): string {
  const document: Document = parseDocument(text, { schema: "failsafe" });
  const map = document.contents;
  const steps = isMap(map) ? map.get("steps") : undefined;
  if (!isSeq(steps)) throw new TypeError("Cannot change a text without steps");
  steps.items = change(document, steps.items);
  return document.toString({ lineWidth: 0 });
}
