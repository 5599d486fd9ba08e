/**
 * A topology: the servers of a herd, their ports, and the links between them.
 *
 * @module
 */
import { given } from "../given.ts";
import { DURABILITY, type Durability } from "../../../herd/core/durability.ts";
import {
  type DisseminationMode,
  MODES,
} from "../../../herd/core/dissemination/dissemination.ts";
import type { Limits } from "../../../herd/core/limits.ts";
import { readHub, type TopologyHub } from "./hub_fields.ts";
import { readLimit } from "./limits.ts";
import {
  PORT_MAX,
  portOf,
  readServer,
  type TopologyServer,
} from "./server_fields.ts";
import { hasErrors, type Problem } from "../problem.ts";
import { hintFor } from "../suggest.ts";
import {
  type FileError,
  isYamlMap,
  type Path,
  YamlFile,
  type YamlValue,
} from "../yaml.ts";

/** Two linked servers, in any order. */
export type TopologyLink = readonly [string, string];

/** Servers and links; a connected graph unless a warning was given. */
export interface Topology {
  /** Its name, such as `2014` or `ring:8`. */
  readonly name: string;
  /** The servers, in the order in which they are shown. */
  readonly servers: readonly TopologyServer[];
  /** The links, each once. */
  readonly links: readonly TopologyLink[];
  /** How updates get from server to server, by default `flood`. */
  readonly mode?: DisseminationMode;
  /** What an acknowledged fix survives, by default `none`. */
  readonly durable?: Durability;
  /** Limits of each server that differ from the defaults. */
  readonly limits?: Partial<Limits>;
  /** The hub that joins it with other herds; none by default. */
  readonly hub?: TopologyHub;
}

/** Words that stand for several servers, and so can't name one or a group. */
export const SERVER_WORDS: readonly string[] = ["all", "others"];

/**
 * Servers by name; `all` stands for every server in a suitable state, `others`
 * for all that are not named in the same list. Groups are resolved.
 */
export type ServerList = readonly string[];

export const SERVER_NAME = /^[A-Za-z][A-Za-z0-9_.-]*$/;
export { PORT_MAX, type TopologyServer };
const FIELDS = [
  "name",
  "mode",
  "durable",
  "limits",
  "servers",
  "links",
  "hub",
];

/** The servers that `name` has a link to, in the order of the links. */
export function neighboursOf(
  { links }: Pick<Topology, "links">,
  name: string,
): string[] {
  return links
    .filter((link) => link.includes(name))
    .map(([a, b]) => a === name ? b : a);
}

/**
 * The connected components of the graph. Components, and the servers in each,
 * are in the order of the servers.
 */
export function components(topology: Topology): string[][] {
  const names = topology.servers.map(({ name }) => name);
  return partsOf(names, topology.links)
    .map((part) => names.filter((name) => part.includes(name)));
}

/** Servers in groups that are linked with each other. */
export function partsOf(
  servers: readonly string[],
  links: readonly TopologyLink[],
): string[][] {
  const rest = new Set(servers);
  const parts: string[][] = [];
  for (const first of rest) {
    const part = new Set([first]);
    for (const name of part) {
      rest.delete(name);
      for (const [a, b] of links) {
        if (a === name) part.add(b);
        if (b === name) part.add(a);
      }
    }
    parts.push([...part]);
  }
  return parts;
}

/**
 * Reads a topology file and tells all that is wrong with it at once.
 *
 * @param text The file's text.
 * @param file Its name, for the problems; without its extension it is the
 * topology's name, unless the file says another.
 * @returns `topology` if there is no error; warnings may come with it.
 *
 * @example
 * ```ts
 * import { parseTopology } from "./topology.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { topology } = parseTopology(
 *   "servers: {Ash: 7001, Elm: 7002}\nlinks:\n  - [Ash, Elm]\n",
 *   "pair.yaml",
 * );
 * assertEquals(topology?.name, "pair");
 * ```
 */
export function parseTopology(
  text: string,
  file: string,
): { topology?: Topology; problems: Problem[] } {
  return new Reader(new YamlFile(text, file)).read();
}

class Reader {
  readonly #yaml: YamlFile;
  readonly #problems: Problem[];

  constructor(yaml: YamlFile) {
    this.#yaml = yaml;
    this.#problems = [...yaml.problems];
  }

  read(): { topology?: Topology; problems: Problem[] } {
    const { value, stem } = this.#yaml;
    if (value === undefined) {
      if (this.#problems.length === 0) this.#error([], "the file is empty");
      return { problems: this.#problems };
    }
    if (!isYamlMap(value)) {
      this.#error([], "a topology is a map with the fields servers and links");
      return { problems: this.#problems };
    }
    for (const key of Object.keys(value)) {
      if (FIELDS.includes(key)) continue;
      const hint = hintFor(key, FIELDS);
      this.#error([key], `unknown field ${key}`, { part: "key", ...hint });
    }
    const servers = this.#servers(value["servers"]);
    const names = servers.map(({ name }) => name);
    const links = this.#links(value["links"] ?? [], names);
    const name = typeof value["name"] === "string" ? value["name"] : stem;
    const mode = this.#oneOf("mode", MODES, value["mode"]);
    const durable = this.#oneOf("durable", DURABILITY, value["durable"]);
    const limits = this.#limits(value["limits"]);
    const hub = this.#hub(value["hub"], names);
    const topology = {
      name,
      servers,
      links,
      ...given({ mode, durable, limits, hub }),
    };
    if (hasErrors(this.#problems)) return { problems: this.#problems };
    this.#warnIfParted(topology);
    return { topology, problems: this.#problems };
  }

  /** The value of a field that allows a few words. */
  #oneOf<T extends string>(
    field: string,
    words: readonly T[],
    value: YamlValue | undefined,
  ): T | undefined {
    const word = words.find((one) => one === value);
    if (value !== undefined && word === undefined) {
      const hint = typeof value === "string" ? hintFor(value, words) : {};
      this.#error([field], `the ${field} is one of ${words.join(", ")}`, hint);
    }
    return word;
  }

  #limits(value: YamlValue | undefined): Partial<Limits> | undefined {
    if (value === undefined) return undefined;
    if (!isYamlMap(value)) {
      this.#error(["limits"], "limits must be a map from limit to value");
      return undefined;
    }
    const limits: Partial<Limits> = {};
    for (const [name, text] of Object.entries(value)) {
      const path = ["limits", name];
      if (!isText(text)) {
        this.#error(path, `${name} must be one value`);
        continue;
      }
      const read = readLimit(name, text);
      if ("limit" in read) Object.assign(limits, read.limit);
      else this.#error(path, read.message, read);
    }
    return limits;
  }

  #hub(
    value: YamlValue | undefined,
    names: readonly string[],
  ): TopologyHub | undefined {
    if (value === undefined) return undefined;
    const { problems, hub } = readHub(value, names);
    for (const { path, message, ...more } of problems) {
      this.#error(["hub", ...path], message, more);
    }
    return hub;
  }

  #servers(value: YamlValue | undefined): TopologyServer[] {
    if (!isYamlMap(value)) {
      this.#error(["servers"], "servers must be a map from name to port");
      return [];
    }
    const owners = new Map<string, string>();
    const servers = Object.entries(value).map(([name, value]) => {
      this.#checkName(name);
      const server = isYamlMap(value)
        ? readServer(
          name,
          value,
          (path, ...error) => this.#error(["servers", name, ...path], ...error),
        )
        : { name, port: this.#port(name, value) };
      const { port, host = "" } = server;
      const owner = owners.get(`${host} ${port}`);
      if (port > 0 && owner !== undefined) {
        this.#error(["servers", name], `port ${port} is ${owner}'s already`);
      }
      owners.set(`${host} ${port}`, name);
      return server;
    });
    if (servers.length === 0) this.#error(["servers"], "a herd needs a server");
    return servers;
  }

  #checkName(name: string): void {
    const wrong = !SERVER_NAME.test(name)
      ? `"${name}" can't name a server (a letter, then letters, digits, _ . -)`
      : SERVER_WORDS.includes(name)
      ? `${name} can't name a server: it stands for several`
      : undefined;
    if (wrong === undefined) return;
    this.#error(["servers", name], wrong, { part: "key" });
  }

  #port(name: string, text: YamlValue): number {
    const port = portOf(text);
    if (port !== undefined) return port;
    this.#error(
      ["servers", name],
      `${name} needs a port from 0 (a free one) to ${PORT_MAX}`,
    );
    return 0;
  }

  #links(value: YamlValue, names: string[]): TopologyLink[] {
    if (!Array.isArray(value)) {
      this.#error(["links"], "links must be a list of pairs: [Ash, Elm]");
      return [];
    }
    const links: TopologyLink[] = [];
    for (const [index, link] of value.entries()) {
      const path = ["links", index];
      if (!Array.isArray(link) || link.length !== 2 || !link.every(isText)) {
        this.#error(path, "a link is a pair of servers: [Ash, Elm]");
        continue;
      }
      const [a, b] = link as [string, string];
      for (const [end, name] of [a, b].entries()) {
        if (names.includes(name)) continue;
        this.#error([...path, end], `no server ${name}`, hintFor(name, names));
      }
      if (a === b) this.#error(path, `${a} is linked to itself`);
      else if (links.some((other) => other.includes(a) && other.includes(b))) {
        this.#error(path, `${a} and ${b} are linked already`);
      } else links.push([a, b]);
    }
    return links;
  }

  #warnIfParted(topology: Topology): void {
    const parts = components(topology);
    const gateways = topology.hub?.gateways ?? [];
    const apart = parts.filter((part) =>
      !part.some((name) => gateways.includes(name))
    );
    // A hub joins all components that have a gateway to it.
    if (parts.length === 1 || apart.length === 0) return;
    const told = parts.map((part) => part.join(" ")).join(" | ");
    const message = `no update gets from one part to another: ${told}`;
    this.#problems.push({
      ...this.#yaml.problemOf({ path: ["links"], part: "key", message }),
      severity: "warning",
    });
  }

  #error(path: Path, message: string, more?: Partial<FileError>): void {
    this.#problems.push(this.#yaml.problemOf({ ...more, path, message }));
  }
}

function isText(value: YamlValue): value is string {
  return typeof value === "string";
}
