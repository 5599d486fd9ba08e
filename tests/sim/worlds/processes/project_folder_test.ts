import { assert, assertRejects } from "@std/assert";
import { fileURLToPath, pathToFileURL } from "node:url";
import { denoPlatform } from "../../../../herd/net/deno_platform.ts";
import type { ProgramEvent } from "../../../../sim/worlds/processes/guarded.ts";
import { openTempFolder } from "../../../../sim/worlds/processes/temp_folder.ts";

const ROOT = new URL("../../../../", import.meta.url);

Deno.test("what modules run in Python is found, whatever the project's folder is called", async () => {
  await using temp = await openTempFolder();
  const project = `${temp.path}/mein Projekt für 100%`;
  await Deno.symlink(fileURLToPath(ROOT), project);
  const from = (module: string) =>
    import(pathToFileURL(`${project}/sim/${module}`).href);

  const { whyNoNamespace } = await from("worlds/processes/isolation.ts");
  assert(!/can't open/.test(await whyNoNamespace() ?? ""));

  const path = `${temp.path}/amy.zip`;
  await Deno.writeTextFile(path, "no archive");
  const { openFound } = await from("live/grade/found.ts");
  await assertRejects(
    () => openFound({ name: "amy", path }, `${temp.path}/amy`, []),
    RangeError,
    "it can't be unpacked",
  );

  const folder = `${temp.path}/folder`;
  const into = `${temp.path}/into`;
  await Deno.mkdir(folder);
  const { Programs } = await from("worlds/processes/programs.ts");
  const command = ["python3", "-c", ""];
  const options = { platform: denoPlatform, command, folder, into };
  await using programs = await Programs.open(options);
  const heard = Promise.withResolvers<void>();
  const here = { name: "Ash", host: "127.0.0.1", port: 0, peers: [] };
  const routes = { port: 0, connect: {}, hasHosts: false };
  programs.start({ here, routes }, {
    onEvent: ({ event }: ProgramEvent) => event === "shim" && heard.resolve(),
    onLine: () => {},
    onEnd: () => heard.reject(new Error("it has ended")),
  });
  await heard.promise;
});
