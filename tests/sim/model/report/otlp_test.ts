import { assert, assertEquals } from "@std/assert";
import type { HistoryEvent } from "../../../../sim/model/history.ts";
import { otlpJson, spansOf } from "../../../../sim/model/report/otlp.ts";

const LINE = "AT a +0.100000000 kiwi +34.0-118.4 1.5";

/** An update that a client tells a, that comes to b and c, and never to d. */
function history(): HistoryEvent[] {
  const open = (atMs: number, one: string, other: string) =>
    [[one, other], [other, one]].map(([server, peer]): HistoryEvent => ({
      atMs,
      kind: "connection",
      server: server!,
      peer: peer!,
      connection: `${one}${other}`,
      isOpen: true,
    }));
  const sent = (atMs: number, from: string, to: string): HistoryEvent => ({
    atMs,
    kind: "sent",
    server: from,
    to,
    line: LINE,
    connection: `${from}${to}`,
    number: 1,
  });
  const read = (atMs: number, from: string, server: string): HistoryEvent => ({
    atMs,
    kind: "delivery",
    server,
    from,
    line: LINE,
    isNew: true,
    connection: `${from}${server}`,
    number: 1,
  });
  return [
    ...open(1, "a", "b"),
    ...open(1, "b", "c"),
    ...open(1, "b", "d"),
    {
      atMs: 10,
      kind: "delivery",
      server: "a",
      from: null,
      line: LINE,
      isNew: true,
    },
    sent(11, "a", "b"),
    read(12.5, "a", "b"),
    sent(13, "b", "c"),
    sent(13, "b", "d"),
    {
      atMs: 13,
      kind: "altered",
      from: "b",
      to: "d",
      connection: "bd",
      number: 1,
      as: null,
      by: ["loss"],
    },
    read(15, "b", "c"),
  ];
}

Deno.test({
  name: "spansOf() makes each hop the child of its sender's, in one trace",
  permissions: "none",
  fn() {
    const run = "00000000000000ab";
    const spans = spansOf(history(), { startedMs: 1_000, run });
    const of = (name: string) => spans.find(({ span }) => span.name === name)!;
    const root = of("IAMAT kiwi");
    const [ab, bc, bd] = ["a to b", "b to c", "b to d"].map(of);
    assertEquals(spans.length, 4);
    assertEquals(new Set(spans.map(({ span }) => span.traceId)).size, 1);
    assertEquals(new Set(spans.map(({ span }) => span.spanId)).size, 4);
    for (const { span } of spans) {
      assertEquals([span.traceId.length, span.spanId.length], [32, 16]);
      assert(span.traceId.startsWith(run));
    }
    assertEquals(root.span.parentSpanId, undefined);
    assertEquals(ab!.span.parentSpanId, root.span.spanId);
    assertEquals(bc!.span.parentSpanId, ab!.span.spanId);
    assertEquals(bd!.span.parentSpanId, ab!.span.spanId);
    assertEquals(spans.map(({ server }) => server), ["a", "b", "c", "b"]);
    assertEquals(
      [ab!.span.startTimeUnixNano, ab!.span.endTimeUnixNano],
      ["1011000000", "1012500000"],
    );
    // The root lasts until the last server knows it.
    assertEquals(
      [root.span.startTimeUnixNano, root.span.endTimeUnixNano],
      ["1010000000", "1015000000"],
    );
    assertEquals(bd!.span.status?.code, 2);
    assertEquals(bc!.span.status, undefined);
  },
});

Deno.test({
  name: "otlpJson() has each server as a service of the herd",
  permissions: "none",
  fn() {
    const options = { startedMs: 0, run: "00000000000000ab" };
    const { resourceSpans } = otlpJson(spansOf(history(), options)) as {
      resourceSpans: {
        resource: { attributes: { key: string; value: unknown }[] };
        scopeSpans: { spans: unknown[] }[];
      }[];
    };
    const services = resourceSpans.map(({ resource, scopeSpans }) => [
      resource.attributes[0]?.value,
      scopeSpans[0]?.spans.length,
    ]);
    assertEquals(services, [
      [{ stringValue: "a" }, 1],
      [{ stringValue: "b" }, 2],
      [{ stringValue: "c" }, 1],
    ]);
  },
});
