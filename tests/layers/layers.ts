/**
 * The layers of the project and the folders in them: who may import whom.
 *
 * @module
 */

/** Modules that stand together, as one box of the picture. */
export interface Folder {
  readonly title: string;
  /** A folder with a slash at its end, or modules. The longest one counts. */
  readonly paths: readonly string[];
}

/** A part of the project, and what its modules may name. */
export interface Layer {
  /** Its folder, or the module that it is. */
  readonly name: string;
  /** The layers it may import from beside itself. */
  readonly mayImport: readonly string[];
  /** Those of which it may import types only. */
  readonly typesOf?: readonly string[];
  /** Modules of those that it may use nevertheless: a browser is sent them. */
  readonly uses?: readonly string[];
  /**
   * Its folders from the ground up: a module imports only from its own folder,
   * and from those before it.
   */
  readonly folders: readonly Folder[];
}

/** Folders of a layer by their names; `""` is for modules that are in none. */
function folders(layer: string, ...names: string[]): Folder[] {
  return names.map((name) =>
    name === ""
      ? { title: `${layer}/*.ts`, paths: [`${layer}/`] }
      : { title: `${name}/`, paths: [`${layer}/${name}/`] }
  );
}

/** Modules beside a layer's folders that these are built upon. */
function ground(layer: string, ...names: string[]): Folder {
  return {
    title: names.join(", "),
    paths: names.map((name) => `${layer}/${name}`),
  };
}

/** All layers, from the ground up. */
export const LAYERS: readonly Layer[] = [
  {
    name: "std",
    mayImport: [],
    folders: folders("std", "async", "cli", "log", "assert", "testing"),
  },
  {
    name: "herd/core",
    mayImport: [],
    folders: [
      ground("herd/core", "limits.ts", "planted_bug.ts", "tuning.ts"),
      ...folders(
        "herd/core",
        "bytes",
        "wire",
        "store",
        "link",
        "dissemination",
        "",
      ),
    ],
  },
  {
    name: "herd/net",
    mayImport: ["std", "herd/core"],
    folders: [
      ground(
        "herd/net",
        "disk.ts",
        "sync_place.ts",
        "deno_disk.ts",
        "platform.ts",
        "deno_network.ts",
        "deno_platform.ts",
        "limit_log.ts",
        "log.ts",
        "timing.ts",
        "slices.ts",
        "tasks.ts",
        "hub/hub.ts",
        "hub/subject.ts",
        "hub/nats_library.ts",
        "hub/nats.ts",
      ),
      ...folders("herd/net", "places", "ways", ""),
    ],
  },
  {
    name: "sim/model",
    mayImport: ["std", "herd/core"],
    folders: folders(
      "sim/model",
      "",
      "topology",
      "explore",
      "faults",
      "steps",
      "link",
      "command",
      "checks",
      "scenario",
      "web",
      "report",
    ),
  },
  {
    name: "sim/report_page",
    mayImport: [],
    typesOf: ["sim/model"],
    folders: folders("sim/report_page", ""),
  },
  {
    name: "sim/page",
    mayImport: ["sim/report_page"],
    typesOf: ["sim/model"],
    uses: [
      "sim/model/topology/shape.ts",
      "sim/model/nearest_rank.ts",
      "sim/model/web/percentiles.ts",
      "sim/model/web/whatsat_bounds.ts",
    ],
    folders: folders("sim/page", ""),
  },
  {
    name: "sim/worlds",
    mayImport: ["std", "herd/core", "herd/net", "sim/model"],
    folders: folders(
      "sim/worlds",
      "",
      "threads",
      "processes",
      "hosts",
      "virtual",
    ),
  },
  {
    name: "sim/live",
    mayImport: ["std", "herd/core", "herd/net", "sim/model", "sim/worlds"],
    folders: [
      ...folders(
        "sim/live",
        "servers",
        "places",
        "proxies",
        "hub",
        "agent",
        "faults",
        "herd",
        "grade",
        "commands",
        "ctl",
        "console",
        "drill",
        "report",
        "web",
        "cli",
      ),
    ],
  },
  {
    name: "sim/browser",
    mayImport: [
      "herd/core",
      "herd/net",
      "sim/model",
      "sim/worlds",
      "sim/live",
    ],
    folders: folders("sim/browser", "machine", ""),
  },
  {
    name: "mod.ts",
    mayImport: ["herd/core", "herd/net", "sim/model", "sim/worlds", "sim/live"],
    folders: [{ title: "mod.ts", paths: ["mod.ts"] }],
  },
  {
    name: "bench",
    mayImport: [
      "std",
      "herd/core",
      "herd/net",
      "sim/model",
      "sim/worlds",
      "sim/live",
    ],
    folders: folders("bench", "report", "plot", "run", "sections", ""),
  },
];

/** The layer that a module lies in. */
export function layerOf(path: string): Layer | undefined {
  return LAYERS.find(({ name }) =>
    path === name || path.startsWith(`${name}/`)
  );
}

/** How high the folder of a module lies in its layer, from 0. */
export function heightOf(layer: Layer, path: string): number {
  let found = -1;
  let length = -1;
  for (const [height, folder] of layer.folders.entries()) {
    for (const start of folder.paths) {
      if (!path.startsWith(start) || start.length <= length) continue;
      found = height;
      length = start.length;
    }
  }
  return found;
}
