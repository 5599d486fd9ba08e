/**
 * The step and the command that put a fault on links, made from its kind.
 *
 * @module
 */
import { given } from "../given.ts";
import * as z from "zod";
import type { ServerList } from "../topology/topology.ts";
import { COMMON_FIELDS, FIELDS, links } from "./fields.ts";
import {
  type CommandKind,
  type FaultFields,
  lasting,
  LINK_TARGETS,
  planCodec,
  type StepKind,
} from "./kind.ts";
import type { AnyLinkFault, LinkFault } from "./link_faults.ts";

export interface LinkFaultStep extends FaultFields {
  readonly kind: LinkFault["kind"];
  readonly fault: LinkFault;
  /** Links, directions of links, servers or `all`. */
  readonly targets: ServerList;
}

export type LinkCommand = Pick<LinkFaultStep, "kind" | "fault" | "targets">;

export function linkStep(
  fault: AnyLinkFault,
): StepKind<LinkFaultStep, LinkCommand> {
  const { kind, does, rule, nemesis, isHarsh } = fault;
  const own: Record<string, z.ZodType> = fault.fields(FIELDS);
  const shape = { targets: links, ...COMMON_FIELDS, ...own };
  const names = { ...fault.names, duration: "durationMs" };
  const plan = planCodec(kind, z.strictObject(shape), names);
  const ruled = rule === undefined
    ? plan
    : plan.refine(rule.holds, rule.message);
  const codec = z.codec(ruled, z.custom<LinkFaultStep>(), {
    decode: nested as never,
    encode: flat as never,
  });
  const takesNone = codec.safeParse({ targets: "all" }).success;
  const begin = (targets: ServerList, settings: object = {}) =>
    ({ kind, fault: { kind, ...settings }, targets }) as LinkFaultStep;
  return {
    name: kind,
    does,
    schema: takesNone
      ? z.union([links.transform((targets) => begin(targets)), codec])
      : codec,
    servers: LINK_TARGETS,
    describe: (step) =>
      `${[kind, fault.words(step.fault)].filter(Boolean).join(" ")} ` +
      `on ${step.targets.join(", ")}${lasting(step)}`,
    write: (step) => z.encode(codec, step),
    command: linkCommand(fault, own, codec),
    ...nemesis !== undefined && {
      nemesis: {
        on: "links",
        ...isHarsh && { isHarsh },
        action: (targets, durationMs) => ({
          ...begin(targets, nemesis),
          durationMs,
        }),
      },
    },
    isFault: true,
    isPredictable: true,
    isOfLinks: true,
    harm: fault.holds !== undefined ? "cuts" : fault.slows ? "slows" : "alters",
    // An existing connection is held too, not only new ones.
    ...fault.holds?.(0, 1) && { isSilencing: true },
  };
}

/** In a plan, a fault's settings are separate from the fields of all faults. */
function nested(
  { kind, targets, mode, durationMs, id, ...settings }: Record<string, unknown>,
): unknown {
  return {
    kind,
    fault: { kind, ...settings },
    targets,
    ...given({ mode, durationMs, id }),
  };
}

function flat({ fault, ...rest }: LinkFaultStep): unknown {
  return { ...fault, ...rest };
}

function linkCommand(
  { kind, prompt, rule }: AnyLinkFault,
  own: Record<string, z.ZodType>,
  codec: z.ZodType<LinkFaultStep>,
): CommandKind<LinkCommand> {
  const { words: forms = {}, untold = {}, ...help } = prompt;
  const isNeeded = (field: string) =>
    !z.object({ field: own[field]! }).safeParse({}).success;
  const usage = Object.entries(forms).map(([field, form]) =>
    isNeeded(field) ? form : `[${form}]`
  );
  // A second server and the first one name a link, if no other word is
  // required.
  const takesEnds = rule === undefined &&
    Object.keys(forms).every((field) => !isNeeded(field));
  const isTold = (word: string) =>
    Object.entries(forms).some(([field, form]) => {
      const text = toldBy(word, form);
      return text !== undefined && own[field]!.safeParse(text).success;
    });
  return {
    ...help,
    usage: [kind, "<link>", ...usage].join(" "),
    first: "links",
    read(words) {
      const [link, ...rest] = takesEnds && words[1] !== undefined &&
          !isTold(words[1])
        ? [`${words[0]}-${words[1]}`, ...words.slice(2)]
        : words;
      if (!link) return undefined;
      const told: Record<string, string> = { ...untold, targets: link };
      for (const [field, form] of Object.entries(forms)) {
        const text = toldBy(rest[0], form);
        if (text === undefined || !own[field]!.safeParse(text).success) {
          continue;
        }
        told[field] = text;
        rest.shift();
      }
      const read = codec.safeParse(told);
      return rest.length > 0 || !read.success ? undefined : read.data;
    },
  };
}

/** The part of a word that matches a form: `20ms` of `±20ms`, for `±<time>`. */
function toldBy(word: string | undefined, form: string): string | undefined {
  const [, before = "", after = ""] = /^(.*)<\w+>(.*)$/.exec(form) ?? [];
  return word?.startsWith(before) && word.endsWith(after)
    ? word.slice(before.length)
    : undefined;
}
