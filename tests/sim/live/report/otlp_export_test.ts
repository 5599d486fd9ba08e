import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { tracesUrl } from "../../../../sim/live/report/otlp_export.ts";
import type { Span } from "../../../../sim/model/report/otlp.ts";

const ROOT = new URL("../../../../", import.meta.url);

const DRILL = `topology: line:3
steps:
  - iamat: {client: kiwi, to: s0, position: +34.1-118.4}
  - expect: {client: kiwi, on: all, within: 10s}
`;

/** Runs a drill that sends its traces to an address; its code and output. */
async function drill(address: string) {
  const file = await Deno.makeTempFile({ suffix: ".yaml" });
  try {
    await Deno.writeTextFile(file, DRILL);
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "--quiet", "-P=herd", "sim/live/cli/scenario_main.ts"],
        ...[file, "--no-log", "--otlp", address],
      ],
      cwd: ROOT,
      env: { NO_PROXY: "127.0.0.1" },
      stdout: "piped",
      stderr: "piped",
    }).output();
    const decoder = new TextDecoder();
    return { code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
  } finally {
    await Deno.remove(file);
  }
}

Deno.test("deno task scenario --otlp sends the way of each update to a collector", async () => {
  const got: { path: string; type: string | null; spans: Span[] }[] = [];
  await using server = Deno.serve({
    port: 0,
    hostname: "127.0.0.1",
    onListen: () => {},
  }, async (request) => {
    const { resourceSpans } = await request.json();
    got.push({
      path: new URL(request.url).pathname,
      type: request.headers.get("content-type"),
      // deno-lint-ignore no-explicit-any
      spans: resourceSpans.flatMap((it: any) => it.scopeSpans[0].spans),
    });
    return Response.json({});
  });
  const beforeMs = Date.now();
  const { code, out, err } = await drill(
    `http://127.0.0.1:${server.addr.port}`,
  );
  assertEquals([code, err], [0, ""]);
  assertStringIncludes(out, "traces: 3 spans to http://127.0.0.1");
  assertEquals(got.map(({ path }) => path), ["/v1/traces"]);
  assertEquals(got[0]!.type, "application/json");
  const { spans } = got[0]!;
  const of = (name: string) => spans.find((it) => it.name === name)!;
  const [root, near, far] = ["IAMAT kiwi", "s0 to s1", "s1 to s2"].map(of);
  assertEquals(near!.parentSpanId, root!.spanId);
  assertEquals(far!.parentSpanId, near!.spanId);
  const ms = (nanos: string) => Number(BigInt(nanos) / 1_000_000n);
  for (const { startTimeUnixNano: from, endTimeUnixNano: to } of spans) {
    assert(BigInt(from) <= BigInt(to));
    assert(ms(from) >= beforeMs - 1_000 && ms(to) <= Date.now() + 1_000);
  }
});

Deno.test("deno task scenario --otlp keeps its verdict though nobody takes traces", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  const { code, err } = await drill(`http://127.0.0.1:${port}`);
  assertEquals(code, 0);
  assertStringIncludes(err, "no traces: ");
  assertEquals((await drill("127.0.0.1:4318")).code, 2);
});

Deno.test({
  name: "tracesUrl() adds the usual path where there is none",
  permissions: "none",
  fn() {
    const of = (base: string) => tracesUrl(base)?.href;
    assertEquals(of("http://a:4318"), "http://a:4318/v1/traces");
    assertEquals(of("https://a/v1/traces?x=1"), "https://a/v1/traces?x=1");
    assertEquals(of("ftp://a"), undefined);
    assertEquals(of("a"), undefined);
  },
});
