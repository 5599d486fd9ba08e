/**
 * The picture of the layers in `docs/architecture.md`, made from the imports.
 *
 * @module
 */
import type { Import } from "./imports.ts";
import { heightOf, type Layer, layerOf, LAYERS } from "./layers.ts";

const START = "<!-- The picture is made by `deno task layers`. -->\n\n";
const END = "\n<!-- End of the picture. -->";

/** Who needs whom, and whether for more than types. */
type Needs = Map<string, Map<string, boolean>>;

function add(needs: Needs, from: string, to: string, isType: boolean): void {
  if (!needs.has(from)) needs.set(from, new Map());
  if (!needs.has(to)) needs.set(to, new Map());
  if (from === to) return;
  const known = needs.get(from)!;
  known.set(to, (known.get(to) ?? true) && isType);
}

/** Whether `to` is reached from `from` by more than one step. */
function isFar(needs: Needs, from: string, to: string): boolean {
  const seen = new Set<string>();
  const ahead = [...needs.get(from)!.keys()].filter((name) => name !== to);
  for (let name = ahead.pop(); name !== undefined; name = ahead.pop()) {
    if (name === to) return true;
    if (seen.has(name)) continue;
    seen.add(name);
    ahead.push(...needs.get(name)!.keys());
  }
  return false;
}

/** Arrows, without those that follow from others. */
function arrows(needs: Needs): string[] {
  return [...needs].flatMap(([from, known]) =>
    [...known].filter(([to]) => !isFar(needs, from, to))
      .map(([to, isType]) => `  ${from} ${isType ? "-.->" : "-->"} ${to}`)
  );
}

/** What stands for a layer, or for a path in one, in the picture. */
function idOf(name: string): string {
  return name.replaceAll(/\W/g, "_");
}

/** What stands for the folder of a module. */
function folderOf(layer: Layer, path: string): string {
  return idOf(layer.folders[heightOf(layer, path)]!.paths[0]!);
}

/** The picture, as Mermaid draws it: layers as frames, folders as boxes. */
export function drawLayers(
  imports: ReadonlyMap<string, readonly Import[]>,
): string {
  const ofLayers: Needs = new Map();
  const ofFolders: Needs = new Map();
  for (const [path, targets] of imports) {
    const layer = layerOf(path)!;
    const folder = folderOf(layer, path);
    add(ofFolders, folder, folder, true);
    for (const { target, isType } of targets) {
      const other = layerOf(target);
      if (other === undefined) continue;
      add(ofLayers, idOf(layer.name), idOf(other.name), isType);
      if (other !== layer) continue;
      add(ofFolders, folder, folderOf(other, target), isType);
    }
  }
  const lines = ["flowchart TB"];
  for (const { name, folders } of LAYERS.toReversed()) {
    const boxes = folders
      .map(({ title, paths }) => ({ id: idOf(paths[0]!), title }))
      .filter(({ id }) => ofFolders.has(id)).toReversed();
    if (boxes.length === 0) continue;
    if (folders.length === 1) {
      lines.push(`  ${idOf(name)}["${name}"]`);
      continue;
    }
    lines.push(`  subgraph ${idOf(name)}["${name}"]`);
    for (const { id, title } of boxes) lines.push(`    ${id}["${title}"]`);
    lines.push("  end");
  }
  lines.push(...arrows(ofFolders).sort(), ...arrows(ofLayers).sort());
  return "```mermaid\n" + lines.join("\n") + "\n```\n";
}

/**
 * A text with its picture replaced.
 * @throws {SyntaxError} If the text has no place for one.
 */
export function withPicture(text: string, picture: string): string {
  const start = text.indexOf(START);
  const end = text.indexOf(END, start);
  if (start < 0 || end < 0) throw new SyntaxError("No place for a picture");
  return text.slice(0, start + START.length) + picture + text.slice(end);
}
