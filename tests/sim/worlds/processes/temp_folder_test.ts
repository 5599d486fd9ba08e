import { assert, assertEquals } from "@std/assert";
import { openTempFolder } from "../../../../sim/worlds/processes/temp_folder.ts";

function isThere(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}

Deno.test("openTempFolder() removes what a killed workbench left, and nothing that is in use", async () => {
  const script = `
    import { openTempFolder } from "${
    import.meta.resolve(
      "../../../../sim/worlds/processes/temp_folder.ts",
    )
  }";
    console.log((await openTempFolder()).path);
    setInterval(() => {}, 1000);
  `;
  const killed = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--quiet", "--no-check", "--allow-read", "--allow-write"],
      `data:application/typescript,${encodeURIComponent(script)}`,
    ],
    stdout: "piped",
  }).spawn();
  const reader = killed.stdout.getReader();
  const { value } = await reader.read();
  const left = new TextDecoder().decode(value).trim();
  await using mine = await openTempFolder();
  assert(isThere(left), "its workbench lives");
  killed.kill("SIGKILL");
  await killed.status;
  await reader.cancel();
  // Who has no such file is none of them.
  const other = await Deno.makeTempDir({ prefix: "herd-" });
  const edited = await Deno.makeTempDir({ prefix: "herd-" });
  await Deno.mkdir(`${edited}/.run`);
  const next = await openTempFolder();
  await next[Symbol.asyncDispose]();
  assertEquals(
    [left, mine.path, next.path, other, edited].map(isThere),
    [false, true, false, true, true],
  );
  await Deno.remove(other);
  await Deno.remove(edited, { recursive: true });
});
