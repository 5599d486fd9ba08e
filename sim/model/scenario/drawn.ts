/**
 * Changes to the text of a scenario that leave the rest as its author wrote it:
 * random steps drawn, steps removed, another topology.
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
import type { DisseminationMode } from "../../../herd/core/dissemination/dissemination.ts";
import { Random } from "../random.ts";
import { checkNames } from "./check_names.ts";
import { type DrawnStep, randomSteps } from "./random_steps.ts";
import type { Topology } from "../topology/topology.ts";
import type { Step } from "./scenario.ts";

/** Whether a plan has steps that have still to be drawn. */
export function hasRandom(steps: readonly Step[]): boolean {
  return steps.some(({ kind }) => kind === "random");
}

/** The steps drawn for each `random` step, by its number, from 0. */
export type DrawnSteps = ReadonlyMap<number, readonly DrawnStep[]>;

/** Draws steps for each `random` step; the same seed draws the same ones. */
export function drawSteps(
  steps: readonly Step[],
  topology: Topology,
  seed: number,
  mode?: DisseminationMode,
): DrawnSteps {
  const random = Random.ofSearch(seed, "random steps");
  return new Map(
    steps.flatMap((step, index) =>
      step.kind === "random"
        ? [[index, randomSteps(step, topology, random, mode)] as const]
        : []
    ),
  );
}

/** A list in which each `random` step is replaced. */
export function withDrawn<T>(
  list: readonly T[],
  drawn: DrawnSteps,
  make: (steps: readonly DrawnStep[], item: T) => readonly T[],
): T[] {
  return list.flatMap((item, index) => {
    const steps = drawn.get(index);
    return steps === undefined ? [item] : make(steps, item);
  });
}

/** The text with each `random` step replaced by the steps drawn for it. */
export function textWithDrawn(text: string, drawn: DrawnSteps): string {
  return withItems(
    text,
    (document, items) =>
      withDrawn(
        items,
        drawn,
        (steps) =>
          steps.map((step) => document.createNode(step, { flow: true })),
      ),
  );
}

/** The numbers, from 0, of drawn steps after the replacement. */
export function drawnNumbers(
  steps: readonly Step[],
  drawn: DrawnSteps,
): number[] {
  const isDrawn = withDrawn<boolean>(
    steps.map(() => false),
    drawn,
    (its) => its.map(() => true),
  );
  return [...isDrawn.keys()].filter((number) => isDrawn[number]);
}

/** The text with those of its steps whose numbers, from 0, are in `kept`. */
export function withSteps(text: string, kept: ReadonlySet<number>): string {
  return withItems(
    text,
    (_, items) => items.filter((_, index) => kept.has(index)),
  );
}

export function withTopology(text: string, name: string): string {
  return changed(text, (document) => document.set("topology", name));
}

export function withSeed(text: string, seed: number): string {
  return changed(text, (document) => document.set("seed", String(seed)));
}

/** The text with one of its servers' constants removed. */
export function withoutTuning(text: string, name: string): string {
  return changed(text, (document) => {
    document.deleteIn(["tuning", name]);
    const left = document.get("tuning");
    if (isMap(left) && left.items.length === 0) document.delete("tuning");
  });
}

/**
 * The text without checks of parts that the drill does not have: of faults that
 * might have been drawn, and were not or were removed.
 */
export function withoutVoidChecks(text: string, topology: Topology): string {
  if (!/ during /.test(text)) return text;
  return changed(text, (document) => {
    const { faults } = checkNames(document.toJS(), topology);
    for (const { path } of faults.toReversed()) {
      if (path[0] === "checks") document.deleteIn(path);
    }
    const left = document.get("checks");
    if (isSeq(left) && left.items.length === 0) document.delete("checks");
  });
}

function changed(text: string, change: (document: Document) => void): string {
  const document: Document = parseDocument(text, { schema: "failsafe" });
  change(document);
  return document.toString({ lineWidth: 0 });
}

/** The text in which one client takes over what another does. */
export function withClient(text: string, from: string, to: string): string {
  return changed(text, (document) =>
    visit(document, {
      Pair(_, { key, value }) {
        const isClient = isScalar(key) && key.value === "client";
        if (isClient && isScalar(value) && value.value === from) {
          value.value = to;
        }
      },
    }));
}

function withItems(
  text: string,
  change: (document: Document, items: YAMLSeq["items"]) => YAMLSeq["items"],
): string {
  return changed(text, (document) => {
    const steps = isMap(document.contents) ? document.get("steps") : undefined;
    if (!isSeq(steps)) {
      throw new TypeError("Cannot change a text without steps");
    }
    steps.items = change(document, steps.items);
  });
}
