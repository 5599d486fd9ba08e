/**
 * Whether the names in a scenario exist: servers, groups, clients.
 *
 * It checks the file itself, not the plan made from it, so that these errors
 * are reported together with all others.
 *
 * @module
 */
import { type CheckNames, parseCheck } from "../checks/expression.ts";
import { metricInfos } from "../checks/metric_names.ts";
import { ALL, type ServerField } from "../steps/kind.ts";
import { KINDS } from "../steps/kinds.ts";
import { loadClient } from "../steps/load.ts";
import { RANDOM_CLIENTS } from "../steps/random.ts";
import { hintFor } from "../suggest.ts";
import {
  linkTargetNames,
  linkTargets,
  unknownTarget,
} from "../faults/targets.ts";
import {
  SERVER_WORDS,
  type ServerList,
  type Topology,
} from "../topology/topology.ts";
import {
  type FileError,
  isYamlMap,
  type Path,
  valueAt,
  type YamlValue,
} from "../yaml.ts";

/** The path of a step: `steps`, and its number. */
const TOP_PATH_LENGTH = 2;

/** Where steps name servers, as paths from the step's map. */
export const SERVER_FIELDS: readonly ServerField[] = KINDS.flatMap((
  { name, servers = [] },
) => servers.map((field) => ({ ...field, path: [name, ...field.path] })));

/** The servers of each group of a file; groups within groups are resolved. */
export type Groups = ReadonlyMap<string, ServerList>;

export function withoutGroups(list: ServerList, groups: Groups): string[] {
  return [...new Set(list.flatMap((name) => groups.get(name) ?? [name]))];
}

/** All unknown names in a scenario, and the groups it defines. */
export function checkNames(
  value: YamlValue,
  topology: Topology,
): { faults: FileError[]; groups: Groups; checkNames: CheckNames } {
  const hasHub = isYamlMap(value) && value["hub"] !== undefined;
  const names = new Names(topology, hasHub);
  if (isYamlMap(value)) {
    names.readGroups(value["groups"]);
    names.readSteps(value["steps"], ["steps"]);
    for (const field of CHECK_FIELDS) names.readChecks(value[field], field);
  }
  return names;
}

/** The fields of a file whose items are checks. */
export const CHECK_FIELDS = ["checks", "sometimes"] as const;

class Names {
  readonly faults: FileError[] = [];
  readonly groups = new Map<string, ServerList>();
  readonly checkNames: CheckNames;
  readonly #phases: string[] = [];
  readonly #topology: Topology;
  readonly #hasHub: boolean;
  readonly #servers: readonly string[];
  readonly #links: readonly string[];
  readonly #clients = new Set<string>();
  #loadClients = 0;
  #drawnClients = 0;
  /** IDs of faults. */
  readonly #ids: string[] = [];
  readonly #faultKinds: string[] = [];

  constructor(topology: Topology, hasHub: boolean) {
    this.#topology = topology;
    this.#hasHub = hasHub;
    this.#links = linkTargetNames(topology);
    this.#servers = topology.servers.map(({ name }) => name);
    this.checkNames = {
      metrics: metricInfos(this.#servers),
      phases: this.#phases,
      faultIds: this.#ids,
      faultKinds: this.#faultKinds,
    };
  }

  readChecks(checks: YamlValue | undefined, field: string): void {
    if (!Array.isArray(checks)) return;
    for (const [index, text] of checks.entries()) {
      if (typeof text !== "string") continue;
      const parsed = parseCheck(text, this.checkNames);
      if ("check" in parsed) continue;
      const path = [field, index];
      this.faults.push({ path, ...parsed.fault });
    }
  }

  readGroups(groups: YamlValue | undefined): void {
    if (!isYamlMap(groups)) return;
    for (const [name, members] of Object.entries(groups)) {
      const path = ["groups", name];
      if (SERVER_WORDS.includes(name) || this.#servers.includes(name)) {
        const taken = SERVER_WORDS.includes(name) ? "a word" : "a server";
        this.#fault(path, `${name} is ${taken} already`, { part: "key" });
      }
      this.#checkServers(members, { path, words: [] }, path);
      this.groups.set(name, withoutGroups(texts(members), this.groups));
    }
  }

  readSteps(steps: YamlValue | undefined, path: Path): void {
    if (!Array.isArray(steps)) return;
    for (const [index, step] of steps.entries()) {
      const here = [...path, index];
      if (Array.isArray(step)) this.readSteps(step, here);
      else if (isYamlMap(step)) this.#readStep(step, here);
    }
  }

  #readStep(step: { [key: string]: YamlValue }, path: Path): void {
    for (const field of SERVER_FIELDS) {
      const value = valueAt(step, field.path);
      if (value === undefined) continue;
      this.#checkServers(value, field, [...path, ...field.path]);
      this.#checkFixed(step, field, value, path);
    }
    const groups = valueAt(step, ["partition", "groups"]);
    for (const [i, group] of (Array.isArray(groups) ? groups : []).entries()) {
      const here = [...path, "partition", "groups", i];
      this.#checkServers(group, { path: [], words: [] }, here);
    }
    this.#checkClient(step, path);
    this.#learnClients(step);
    if (typeof step["phase"] === "string") this.#phases.push(step["phase"]);
    for (const fields of Object.values(step)) {
      const id = isYamlMap(fields) ? fields["id"] : undefined;
      if (typeof id === "string") this.#ids.push(id);
    }
    this.#faultKinds.push(...faultKinds(step));
    this.#checkHub(step, path);
    if (step["random"] !== undefined && path.length > TOP_PATH_LENGTH) {
      const message = "random can stand among the file's own steps only";
      this.#fault([...path, "random"], message, { part: "key" });
    }
    this.readSteps(step["parallel"], [...path, "parallel"]);
    const repeated = ["repeat", "steps"];
    this.readSteps(valueAt(step, repeated), [...path, ...repeated]);
  }

  /** Faults of a hub need a hub. */
  #checkHub(step: { [key: string]: YamlValue }, path: Path): void {
    const kind = KINDS.find(({ name, isOfHub }) =>
      isOfHub && step[name] !== undefined
    );
    if (kind === undefined || this.#hasHub) return;
    const message = `${kind.name} needs a hub: the file has no field hub`;
    this.#fault([...path, kind.name], message, { part: "key" });
  }

  #checkServers(value: YamlValue, field: ServerField, path: Path): void {
    const { one, words = [], links, faults } = field;
    const groups = [...this.groups.keys()];
    const more = [...groups, ...(faults ? this.#ids : [])];
    const known = one
      ? this.#servers
      : [...(links ? this.#links : this.#servers), ...more, ...words];
    for (const [index, name] of texts(value).entries()) {
      if (name === "" || known.includes(name)) continue;
      const where = Array.isArray(value) ? [...path, index] : path;
      if (links) {
        const { message, ...hint } = unknownTarget(name, this.#topology, more);
        this.#fault(where, message, hint);
        continue;
      }
      if (one && (groups.includes(name) || SERVER_WORDS.includes(name))) {
        const message = `${name} is more than one server, and one is needed`;
        this.#fault(where, message);
      } else {
        const what = one ? "server" : "server or group";
        this.#fault(where, `no ${what} ${name}`, hintFor(name, new Set(known)));
      }
    }
  }

  /** A fixed number of targets must not exceed the targets there are. */
  #checkFixed(
    step: { [key: string]: YamlValue },
    { path: [kind = ""], links }: ServerField,
    value: YamlValue,
    path: Path,
  ): void {
    const at = [kind, "mode", "fixed"];
    const fixed = Number(valueAt(step, at) ?? 0);
    const named = withoutGroups(texts(value), this.groups);
    const isKnown = named.every((name) =>
      (links ? this.#links : [...this.#servers, ...ALL]).includes(name)
    );
    if (!isKnown) return;
    const count = links
      ? linkTargets(named, this.#topology).length
      : named.includes("all")
      ? this.#servers.length
      : named.length;
    // What is no number is told as such.
    if (!(fixed > count)) return;
    this.#fault([...path, ...at], `${fixed} of ${count} targets: too many`);
  }

  #checkClient(step: { [key: string]: YamlValue }, path: Path): void {
    const asked =
      ["expect", "eventually", "always"].find((name) =>
        step[name] !== undefined
      ) ?? "whatsat";
    const client = valueAt(step, [asked, "client"]);
    if (typeof client !== "string" || this.#isClient(client)) return;
    const expected = valueAt(step, ["whatsat", "expect"]);
    if (expected === "unknown" || expected === "any") return;
    this.#fault(
      [...path, asked, "client"],
      `no step before this one sends a fix of ${client}`,
      hintFor(client, this.#clients),
    );
  }

  #isClient(name: string): boolean {
    if (this.#clients.has(name)) return true;
    const number = Number(/\d+$/.exec(name)?.[0] ?? 0);
    return number >= 1 && (
      number <= this.#loadClients && name === loadClient(number - 1) ||
      number <= this.#drawnClients && name === `c${number}`
    );
  }

  #learnClients(step: { [key: string]: YamlValue }): void {
    const client = valueAt(step, ["iamat", "client"]);
    if (typeof client === "string") this.#clients.add(client);
    const line = valueAt(step, ["send", "line"]);
    const sent = typeof line === "string" &&
      /^\s*IAMAT\s+(\S+)/.exec(line)?.[1];
    if (sent) this.#clients.add(sent);
    // A file may ask for more than fits in memory; that is reported elsewhere.
    const load = Number(valueAt(step, ["load", "clients"])) || 0;
    this.#loadClients = Math.max(this.#loadClients, load);
    const random = step["random"] as { clients?: string } | undefined;
    const drawn = random ? Number(random.clients ?? RANDOM_CLIENTS) : 0;
    this.#drawnClients = Math.max(this.#drawnClients, drawn || 0);
  }

  #fault(path: Path, message: string, more: Partial<FileError> = {}): void {
    this.faults.push({ ...more, path, message });
  }
}

/** The kinds of faults that a step may cause. */
function faultKinds(step: { [key: string]: YamlValue }): readonly string[] {
  return Object.entries(step).slice(0, 1).flatMap(([name, fields]) => {
    const kind = KINDS.find((it) => it.name === name);
    return [
      ...kind?.isFault ? [name] : [],
      ...kind?.brings?.(fields) ?? [],
    ];
  });
}

/** The texts of a text or a list; other values are rejected by the schema. */
function texts(value: YamlValue): string[] {
  const list = Array.isArray(value) ? value : [value];
  return list.map((item) => typeof item === "string" ? item : "");
}
