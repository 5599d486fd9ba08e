import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { tracesUrl } from "../../../../sim/live/report/otlp_export.ts";
import type { Span } from "../../../../sim/model/report/otlp.ts";

const ROOT = new URL("../../../../", import.meta.url);

const DRILL = `topology: line:3
steps:
  - iamat: {client: kiwi, to: s0, position: +34.1-118.4}
  - expect: {client: kiwi, on: all, within: 10s}
`;

/** Runs one of the programs to its end; its code and output. */
async function run(program: string, ...args: string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "-P=herd", `sim/live/cli/${program}`, ...args],
    cwd: ROOT,
    env: { NO_PROXY: "127.0.0.1" },
    stdout: "piped",
    stderr: "piped",
  }).output();
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
}

/** Runs a drill that sends its traces to an address; its code and output. */
async function drill(address: string, ...more: string[]) {
  const file = await Deno.makeTempFile({ suffix: ".yaml" });
  try {
    await Deno.writeTextFile(file, DRILL);
    const args = [file, "--no-log", "--otlp", address, ...more];
    return await run("scenario_main.ts", ...args);
  } finally {
    await Deno.remove(file);
  }
}

Deno.test("deno task scenario --otlp sends the way of each update to a collector, and deno task traces that of its report", async () => {
  const report = await Deno.makeTempDir();
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
  const collector = `http://127.0.0.1:${server.addr.port}`;
  const { code, out, err } = await drill(collector, "--report-dir", report);
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
  const later = await run("traces_main.ts", report, "--otlp", collector);
  assertEquals([later.code, later.err], [0, ""]);
  assertStringIncludes(later.out, `${report}: 3 spans to ${collector}`);
  const names = (its: readonly Span[]) => its.map(({ name }) => name).sort();
  assertEquals(names(got[1]!.spans), names(spans));
  const wrong = await run("traces_main.ts", "sim", "--otlp", collector);
  assertEquals(wrong.code, 2);
  assertStringIncludes(wrong.err, "sim is no folder of a report");
  await Deno.remove(report, { recursive: true });
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
