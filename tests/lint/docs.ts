/**
 * Asks for docstrings where users read them: of what they can import. That a
 * type is seen without being exported is no mistake here; most such types are
 * parts of one that is.
 *
 * @module
 */

/** What `deno doc --lint` finds in modules, and would not let pass. */
export async function docErrors(modules: readonly string[]): Promise<string[]> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["doc", "--lint", ...modules],
    env: { NO_COLOR: "1" },
    stdout: "null",
  }).output();
  if (success) return [];
  const [warnings = "", ...errors] = new TextDecoder().decode(stderr)
    .split(/^error\[/m);
  if (errors.length === 0) throw new Error(warnings);
  return errors.filter((text) => !text.startsWith("private-type-ref]"))
    .map((text) => `error[${text}`);
}

/** The modules that users can import, by the package's own list. */
export async function exportedModules(): Promise<string[]> {
  const config = new URL("../../deno.json", import.meta.url);
  const { exports } = JSON.parse(await Deno.readTextFile(config));
  return Object.values<string>(exports)
    .map((path) => new URL(path, config).href);
}

if (import.meta.main) {
  const errors = await docErrors(await exportedModules());
  for (const text of errors) console.error(text);
  if (errors.length > 0) Deno.exit(1);
}
