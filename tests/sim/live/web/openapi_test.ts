import { assertEquals } from "@std/assert";
import { ROUTES } from "../../../../sim/model/web/routes.ts";

const WEB = new URL("../../../../sim/live/web/", import.meta.url);

Deno.test("openapi.json is what the codecs of the routes make", async () => {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--frozen", "main.ts"],
    cwd: new URL("openapi/", WEB),
  }).output();
  const decoder = new TextDecoder();
  assertEquals([success, decoder.decode(stderr)], [true, ""]);
  const text = await Deno.readTextFile(new URL("openapi.json", WEB));
  const how =
    "run: cd sim/live/web/openapi && deno run -W=.. main.ts ../openapi.json";
  assertEquals(text, decoder.decode(stdout), how);
});

Deno.test("openapi.json tells of each way in, by its name", async () => {
  const text = await Deno.readTextFile(new URL("openapi.json", WEB));
  const { paths } = JSON.parse(text) as {
    paths: Record<string, Record<string, { operationId: string }>>;
  };
  const told = Object.values(paths).flatMap((path) =>
    Object.values(path).map(({ operationId }) => operationId)
  );
  assertEquals(told.sort(), Object.keys(ROUTES).sort());
});
