import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { reportHtml, safeJson } from "../../../../sim/model/report/html.ts";
import { pageData } from "../../../../sim/model/report/page_data.ts";
import { sampleRecord } from "./sample_record.ts";

const SOURCES = {
  html: "<title><!-- title --></title><style>/* style */</style>" +
    "<a><!-- data --></a><b><!-- messages --></b><i><!-- requests --></i>" +
    "<u><!-- rerunner --></u>" +
    "<script>/* script */</script>",
  css: "p { color: red }",
  rerunner: "H4s=",
  modules: [
    'import type { A } from "./a.ts";\nexport const a = "$&";\n',
    'import {\n  a,\n} from "./a.ts";\nexport function b() { return a; }\n',
  ],
};

Deno.test({
  name: "reportHtml() puts all into one page, its modules without imports",
  permissions: "none",
  fn() {
    const record = sampleRecord({ name: "<a> & b", steps: [] });
    const data = pageData(record, []);
    const { messages: _, requests: __, ...rest } = data;
    assertEquals(
      reportHtml(SOURCES, data).join(""),
      "<title>&lt;a> &amp; b: failed</title><style>p { color: red }</style>" +
        `<a>${safeJson(rest)}</a><b></b><i></i><u>H4s=</u>` +
        '<script>"use strict";\n(() => {\nconst a = "$&";\n\n' +
        "function b() { return a; }\n})();</script>",
    );
  },
});

Deno.test({
  name: "reportHtml() refuses sources that would make a broken page",
  permissions: "none",
  fn() {
    const data = pageData(sampleRecord(), []);
    const wrong: [Partial<typeof SOURCES>, string][] = [
      [{ html: SOURCES.html.replace("data", "date") }, "no one mark data"],
      [{ html: `${SOURCES.html}<!-- data -->` }, "no one mark data"],
      [{ html: `${SOURCES.html}<!-- more -->` }, "nothing goes to more"],
      [{ css: "</STYLE>" }, "ends its <style>"],
      [{ modules: ['"</script>"'] }, "ends its <script>"],
    ];
    for (const [change, message] of wrong) {
      assertThrows(
        () => reportHtml({ ...SOURCES, ...change }, data),
        TypeError,
        message,
      );
    }
  },
});

Deno.test({
  name: "safeJson() says the same, and no text ends its element",
  permissions: "none",
  fn() {
    const nasty = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom("</script>", "<!--", "]]>", "\u2028\u2029", "\ud800"),
    );
    fc.assert(fc.property(fc.array(nasty), (texts) => {
      const json = safeJson(texts);
      assertEquals(JSON.parse(json), texts);
      assertEquals(/[<>&\u2028\u2029]/.test(json), false);
    }));
  },
});
