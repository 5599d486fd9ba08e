import { assertEquals, assertStringIncludes } from "@std/assert";
import { denoPlatform } from "../../../../herd/net/deno_platform.ts";
import { grade, gradeOf } from "../../../../sim/live/grade/grade.ts";
import { junitOf } from "../../../../sim/live/grade/junit.ts";
import { shippedRubric } from "../../../../sim/live/grade/rubric.ts";

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}

Deno.test("junitOf() has a failure, with the reason, for each check of what does not start", async () => {
  const unusable = { name: "kiwi", why: "no server.py < here" };
  const done = await grade(denoPlatform, unusable, shippedRubric());
  const xml = junitOf([done]);
  const bonuses = done.checks.filter(({ isBonus }) => isBonus).length;
  const failures = done.checks.length - bonuses;
  const counts = `tests="${done.checks.length}" failures="${failures}" ` +
    `errors="0" skipped="${bonuses}"`;
  assertEquals(count(xml, counts), 2);
  assertEquals(count(xml, "<failure "), failures);
  assertEquals(count(xml, "<skipped "), bonuses);
  assertEquals(
    count(xml, "came no server.py &lt; here</"),
    done.checks.length,
  );
});

Deno.test({
  name: "junitOf() skips what is unknown, or lost with another check",
  permissions: "none",
  fn() {
    const check = { title: "few", points: 0, of: 4, findings: [] };
    const xml = junitOf([gradeOf("kiwi", [
      { ...check, check: "thrift", unknown: "not seen" },
      { ...check, check: "newest-wins", lost: "lost with spreads" },
    ])]);
    assertStringIncludes(xml, 'failures="0" errors="0" skipped="2"');
    assertStringIncludes(xml, '<skipped message="not seen">');
    assertStringIncludes(xml, '<skipped message="lost with spreads">');
  },
});
