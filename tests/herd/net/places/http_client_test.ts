import { assertEquals } from "@std/assert";
import { isLoopback } from "../../../../herd/net/places/http_client.ts";

Deno.test({
  name: "isLoopback() knows this machine by its names and addresses",
  permissions: "none",
  fn() {
    const here = ["localhost", "LOCALHOST", "a.localhost", "127.0.0.1"];
    for (const host of [...here, "127.255.255.254", "[::1]", "localhost."]) {
      assertEquals(isLoopback(host), true, host);
    }
    const away = ["maps.googleapis.com", "128.0.0.1", "localhost.org"];
    for (const host of [...away, "127.evil.org", "[::2]", "10.0.0.1"]) {
      assertEquals(isLoopback(host), false, host);
    }
  },
});

/** Looks a place up at a base, with all of HTTP sent through a proxy. */
const LOOK_UP = `
  import { denoPlatform } from ${
  JSON.stringify(import.meta.resolve("../../../../herd/net/deno_platform.ts"))
};
  import { PlacesLookup } from ${
  JSON.stringify(import.meta.resolve("../../../../herd/net/places/lookup.ts"))
};
  const lookup = new PlacesLookup(denoPlatform, { base: Deno.args[0] });
  const query = { position: "+34-118", radiusKm: "1", items: 1 };
  console.log(await lookup.find(query, {}));
  lookup.close();
`;

Deno.test("httpClientFor() goes past a proxy on this machine, and through it elsewhere", async () => {
  const served: string[] = [];
  const serve = (name: string) =>
    Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
      served.push(`${name} ${new URL(request.url).hostname}`);
      return Response.json({ status: "ZERO_RESULTS", results: [] });
    });
  await using service = serve("service");
  await using proxy = serve("proxy");
  const { port } = service.addr;
  const script = await Deno.makeTempFile({ suffix: ".ts" });
  await Deno.writeTextFile(script, LOOK_UP);
  try {
    const hosts = ["127.0.0.1", "localhost", "places.invalid"];
    for (const host of hosts) {
      const { stdout } = await new Deno.Command(Deno.execPath(), {
        args: ["run", "--no-check", "-N", script, `http://${host}:${port}`],
        env: {
          HTTP_PROXY: `http://127.0.0.1:${proxy.addr.port}`,
          NO_PROXY: "",
        },
        stderr: "inherit",
      }).output();
      const { status } = JSON.parse(new TextDecoder().decode(stdout));
      assertEquals(status, "ZERO_RESULTS", host);
    }
    assertEquals(served, [
      "service 127.0.0.1",
      "service localhost",
      "proxy places.invalid",
    ]);
  } finally {
    await Deno.remove(script);
  }
});
