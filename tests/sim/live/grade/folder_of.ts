import { anyPython } from "../../../../sim/worlds/processes/python.ts";

/** A folder of files, by their paths; it is gone with what holds it. */
export async function folderOf(files: Readonly<Record<string, string>>) {
  const path = await Deno.makeTempDir();
  for (const [name, text] of Object.entries(files)) {
    await write(`${path}/${name}`, text);
  }
  return {
    path,
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

/** Writes a file, and the folders that lead to it. */
export async function write(path: string, text = ""): Promise<void> {
  await Deno.mkdir(path.replace(/\/[^/]*$/, ""), { recursive: true });
  await Deno.writeTextFile(path, text);
}

/** Runs a few lines of Python in a folder, with arguments. */
export async function python(
  folder: string,
  code: string,
  ...args: string[]
): Promise<void> {
  const { success, stderr } = await new Deno.Command(anyPython(), {
    args: ["-c", code, ...args],
    cwd: folder,
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}
