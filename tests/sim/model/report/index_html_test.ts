import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { indexHtml } from "../../../../sim/model/report/index_html.ts";
import { sampleRecord } from "./sample_record.ts";

Deno.test({
  name: "indexHtml() lists reports, the newest first, and links to each",
  permissions: "none",
  fn() {
    const html = indexHtml([
      {
        path: "old drill/a",
        record: sampleRecord({ startedAt: "2026-03-01T12:00:00.000Z" }),
      },
      {
        path: "new/b#1",
        record: sampleRecord({
          name: "<b>&",
          verdict: "failed",
          startedAt: "2026-03-02T12:00:00.000Z",
        }),
      },
    ], 3);
    const links = [...html.matchAll(/href="(.*?)"/g)].map(([, link]) => link);
    assertEquals(links, ["new/b%231/report.html", "old%20drill/a/report.html"]);
    assertStringIncludes(html, '<td class="failed">failed<td>');
    assertStringIncludes(html, ">&lt;b>&amp;</a>");
    assertStringIncludes(html, "<td>2026-03-02 12:00:00<td>");
    assertStringIncludes(html, "3 that are older");
    assert(!indexHtml([]).includes("older"));
  },
});
