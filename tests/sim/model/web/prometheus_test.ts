import { assertEquals } from "@std/assert";
import {
  Histogram,
  metricsText,
} from "../../../../sim/model/web/prometheus.ts";

Deno.test({
  name:
    "metricsText() escapes what labels and help say, and leaves out nothing",
  permissions: "none",
  fn() {
    const text = metricsText([
      {
        name: "a_total",
        help: 'One\\two\n"three"',
        type: "counter",
        samples: [
          { labels: { it: 'a"b\\c\nd' }, value: 1.5 },
          { value: Infinity },
        ],
      },
      { name: "none", help: "Nothing.", type: "gauge", samples: [] },
    ]);
    assertEquals(
      text,
      '# HELP a_total One\\\\two\\n"three"\n# TYPE a_total counter\n' +
        'a_total{it="a\\"b\\\\c\\nd"} 1.5\na_total +Inf\n',
    );
  },
});

Deno.test({
  name: "Histogram counts each sample in its bucket, and in all above",
  permissions: "none",
  fn() {
    const histogram = new Histogram([1, 10]);
    for (const value of [0, 1, 2, 10, 11]) histogram.add(value);
    assertEquals(histogram.samples(), [
      { part: "_bucket", labels: { le: "1" }, value: 2 },
      { part: "_bucket", labels: { le: "10" }, value: 4 },
      { part: "_bucket", labels: { le: "+Inf" }, value: 5 },
      { part: "_sum", value: 24 },
      { part: "_count", value: 5 },
    ]);
  },
});
