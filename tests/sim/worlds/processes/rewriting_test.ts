import { assertEquals } from "@std/assert";
import { rewriteFolder } from "../../../../sim/worlds/processes/rewriting.ts";

Deno.test("rewriteFolder() changes texts of a folder, and nothing else", async () => {
  const root = await Deno.makeTempDir();
  try {
    const outside = `${root}/outside.py`;
    const folder = `${root}/copy`;
    await Deno.mkdir(`${folder}/conf`, { recursive: true });
    await Deno.writeTextFile(outside, "8000");
    await Deno.symlink(outside, `${folder}/link.py`);
    await Deno.symlink(root, `${folder}/link`);
    await Deno.writeTextFile(`${folder}/run`, "8000", { mode: 0o555 });
    await Deno.writeTextFile(`${folder}/conf/ports.yml`, "a: 8000\n");
    const latin1 = Uint8Array.of(0xe9, 0x20, 0x38, 0x30, 0x30, 0x30);
    await Deno.writeFile(`${folder}/latin1.txt`, latin1);
    const binary = new TextEncoder().encode("\0 8000");
    await Deno.writeFile(`${folder}/binary`, binary);
    const large = " 8000".repeat(300_000);
    await Deno.writeTextFile(`${folder}/large.json`, large);

    await rewriteFolder(folder, (text) => text.replaceAll("8000", "6100"));

    const read = (path: string) => Deno.readTextFile(`${folder}/${path}`);
    assertEquals(await Deno.readTextFile(outside), "8000");
    assertEquals(await read("run"), "6100");
    assertEquals((await Deno.stat(`${folder}/run`)).mode! & 0o777, 0o555);
    assertEquals(await read("conf/ports.yml"), "a: 6100\n");
    assertEquals(
      await Deno.readFile(`${folder}/latin1.txt`),
      Uint8Array.of(0xe9, 0x20, 0x36, 0x31, 0x30, 0x30),
    );
    assertEquals(await Deno.readFile(`${folder}/binary`), binary);
    assertEquals(await read("large.json"), large);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});
