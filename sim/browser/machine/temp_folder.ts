/**
 * Folders for a while, in a page's memory.
 *
 * @module
 */
import type { TempFolder } from "../../worlds/processes/temp_folder.ts";
import { Deno } from "./deno.ts";

let folders = 0;

/** A new one. */
export function openTempFolder(): Promise<TempFolder> {
  const path = `/tmp/herd-${++folders}`;
  return Promise.resolve({
    path,
    [Symbol.asyncDispose]: () => Deno.remove(path),
  });
}
