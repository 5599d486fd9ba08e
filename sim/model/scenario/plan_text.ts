/**
 * A plan as text: a scenario that can be run again, with nothing left open that
 * the file or the command line has decided.
 *
 * @module
 */
import { stringify } from "yaml";
import type { Scenario } from "./scenario.ts";
import { type Groups, SERVER_FIELDS, withoutGroups } from "./check.ts";
import { isYamlMap, type YamlValue } from "../yaml.ts";

/**
 * The scenario of a file, parameters filled in, groups replaced by their
 * servers, with its seed.
 *
 * @param value The file's value, its parameters filled in.
 * @param groups The file's groups.
 * @param told What it is called, and what it runs with.
 */
export function planText(
  value: YamlValue,
  groups: Groups,
  told: Pick<Scenario, "name" | "topology"> & { readonly seed: number },
): string {
  const { description, steps, checks } = value as {
    [key: string]: YamlValue;
  };
  const plan = {
    name: told.name,
    ...description !== undefined && { description },
    topology: told.topology,
    seed: String(told.seed),
    steps: resolved(steps!, groups),
    ...checks !== undefined && { checks },
  };
  return stringify(plan, {
    schema: "failsafe",
    lineWidth: 0,
    aliasDuplicateObjects: false,
  });
}

function resolved(value: YamlValue, groups: Groups): YamlValue {
  if (Array.isArray(value)) return value.map((item) => resolved(item, groups));
  if (!isYamlMap(value)) return value;
  const step = Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, resolved(item, groups)]),
  );
  for (const { path } of SERVER_FIELDS) replaceAt(step, path, groups);
  return step;
}

/** Replaces the groups in a list of servers, if a step has it. */
function replaceAt(
  step: { [key: string]: YamlValue },
  path: readonly (string | number)[],
  groups: Groups,
): void {
  let map: YamlValue | undefined = step;
  for (const part of path.slice(0, -1)) {
    if (!isYamlMap(map)) return;
    map = map[part];
  }
  const last = path.at(-1)!;
  if (!isYamlMap(map) || !Object.hasOwn(map, last)) return;
  const list = map[last]!;
  const names = Array.isArray(list) ? list : [list];
  const isGrouped = names.some((name) =>
    typeof name === "string" && groups.has(name)
  );
  if (isGrouped) map[last] = withoutGroups(names as string[], groups);
}
