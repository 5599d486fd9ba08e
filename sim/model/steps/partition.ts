/**
 * The fault `partition`: the links between groups of servers are cut.
 *
 * @module
 */
import * as z from "zod";
import { shapeGroups, SHAPES } from "../faults/partition.ts";
import { CUT_DIALS, CUT_DIALS_TEXT } from "./cut.ts";
import { COMMON_FIELDS, servers } from "./fields.ts";
import { lasting, names, planned, type StepOf } from "./kind.ts";

const { duration, id } = COMMON_FIELDS;
const shape = {
  shape: z.enum(SHAPES).exactOptional().meta({
    description: "Groups by chance: halves, majority, isolate_one, …",
  }),
  groups: z.array(servers("Servers that still see each other.")).min(1)
    .default([]).meta({
      description: "Lists of servers; those in none are one more group.",
    }),
  dials: z.enum(CUT_DIALS).exactOptional().meta({
    description: CUT_DIALS_TEXT,
  }),
  duration,
  id,
};

export const partition = planned({
  kind: "partition",
  does: "Network partition: cuts all links between groups of servers.",
  object: z.strictObject(shape).refine(
    ({ shape, groups }) => (shape === undefined) !== (groups.length === 0),
    { message: "partition takes shape or groups" },
  ),
  names: { duration: "durationMs" },
  alone: { shape: z.enum(SHAPES) },
  describe: (step) =>
    [
      `partition ${step.shape ?? step.groups.map(names).join(" | ")}`,
      ...step.dials === "refuse" ? ["that refuses"] : [],
    ].join(" ") + lasting(step),
  command: {
    usage: `partition <server>,… | … | rest  or  <shape>  [${
      CUT_DIALS.join("|")
    }]`,
    first: "servers",
    does: "network partition: cut all links between groups of servers",
    more: [
      `Shapes, by chance: ${SHAPES.join(", ")}.`,
      "Servers that are not named are one more group.",
      "Who dials waits (hold), or is refused, and connections are reset (refuse).",
    ],
    examples: [
      "partition Alford,Powell | rest",
      "partition halves",
      "partition halves refuse",
    ],
    read(words) {
      const told = CUT_DIALS.find((it) => it === words.at(-1));
      const dials = told !== undefined ? { dials: told } : {};
      const text = (told === undefined ? words : words.slice(0, -1)).join(" ");
      const shape = SHAPES.find((it) => it === text);
      if (shape !== undefined) {
        return { kind: "partition", wish: shape, ...dials };
      }
      const groups = text.split("|").map((group) => group.trim());
      // Servers in no group form the rest, whether it is named or not.
      if (groups.at(-1) === "rest") groups.pop();
      const wish = groups.map((group) => group.split(/[\s,]+/));
      const isWhole = wish.length > 0 && wish.flat().every((it) => it !== "");
      return isWhole ? { kind: "partition", wish, ...dials } : undefined;
    },
  },
  nemesis: {
    on: "links",
    action: (_, durationMs, topology, random) => ({
      kind: "partition",
      groups: shapeGroups(random.pick(SHAPES), topology, random),
      durationMs,
    }),
  },
  isFault: true,
  isPredictable: true,
  isOfLinks: true,
  harm: "cuts",
  isSilencing: true,
});

export type PartitionStep = StepOf<typeof partition>;
