/**
 * Draws the picture of the layers in `docs/architecture.md` anew:
 * `deno task layers`.
 *
 * @module
 */
import { importsIn } from "./imports.ts";
import { LAYERS } from "./layers.ts";
import { drawLayers, withPicture } from "./picture.ts";

/** Where the picture stands. */
export const DOCUMENT = new URL("../../docs/architecture.md", import.meta.url);

if (import.meta.main) {
  const text = await Deno.readTextFile(DOCUMENT);
  const picture = drawLayers(await importsIn(LAYERS));
  await Deno.writeTextFile(DOCUMENT, withPicture(text, picture));
}
