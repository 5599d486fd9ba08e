/**
 * Servers to bring, in folders of their own.
 *
 * @module
 */
import { delay } from "@std/async";
import { styleOf, writeSpecimen } from "../../../specimens/specimens.ts";

/** A folder with a specimen, as a student hands it in. */
export async function submission(specimen: string) {
  const folder = await Deno.makeTempDir();
  await writeSpecimen(specimen, folder, (port) => port);
  return {
    folder,
    command: styleOf(specimen).command,
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

/** Asks until it is so; if it never is, the test's deadline ends it. */
export async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!await isSo()) await delay(20);
}

/** Servers of one file of Python, each alone; `body` has its name in `me`. */
export async function pythonServer(body: string) {
  const folder = await Deno.makeTempDir();
  await Deno.writeTextFile(
    `${folder}/server.py`,
    `import sys\nme = sys.argv[1]\n${body}`,
  );
  return {
    folder,
    command: ["python3", "server.py", "{name}"],
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}
