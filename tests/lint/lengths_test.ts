import { assertEquals } from "@std/assert";
import { tooLong } from "./lengths.ts";
import { FILE_LINES_MAX, FOLDERS } from "./sizes.ts";

Deno.test("tooLong() names sheets, pages and scripts above the limit", async () => {
  const folder = await Deno.makeTempDir();
  const lines = (count: number) => "a {}\n".repeat(count);
  await Deno.mkdir(`${folder}/inner`);
  await Deno.writeTextFile(`${folder}/long.txt`, lines(FILE_LINES_MAX + 1));
  await Deno.writeTextFile(`${folder}/right.css`, lines(FILE_LINES_MAX));
  for (const name of ["page.css", "page.html", "shim.cjs", "inner/guard.py"]) {
    await Deno.writeTextFile(`${folder}/${name}`, lines(FILE_LINES_MAX + 1));
  }
  assertEquals(
    tooLong([`${folder}/`]).map((text) => text.slice(folder.length)).sort(),
    ["/inner/guard.py", "/page.css", "/page.html", "/shim.cjs"]
      .map((name) => `${name}: 401 lines, more than 400`),
  );
  await Deno.remove(folder, { recursive: true });
});

Deno.test("tooLong() finds nothing in the sources", () => {
  assertEquals(tooLong(FOLDERS), []);
});
