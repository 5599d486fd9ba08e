import { assertEquals } from "@std/assert";
import { parseArgs, unicodeWidth } from "@std/cli";

Deno.test({
  name: "parseArgs() types and fills what its options name",
  permissions: "none",
  fn() {
    const args = parseArgs(
      ["--topology", "2014", "--no-log", "--json", "--tag=a", "--tag=b", "x"],
      {
        string: ["topology", "secret", "level", "tag"],
        boolean: ["json", "log", "quiet"],
        negatable: ["log"],
        collect: ["tag"],
        default: { level: "INFO" },
      },
    );
    const topology: string | undefined = args.topology;
    const level: string = args.level;
    const json: boolean = args.json;
    const tags: string[] = args.tag;
    assertEquals(topology, "2014");
    assertEquals(args.secret, undefined);
    assertEquals(level, "INFO");
    assertEquals([json, args.log, args.quiet], [true, false, false]);
    assertEquals(tags, ["a", "b"]);
    assertEquals(args._, ["x"]);
  },
});

Deno.test({
  name: "unicodeWidth() counts columns",
  permissions: "none",
  fn() {
    for (const [text, width] of [["herd", 4], ["天地", 4], ["é", 1], ["", 0]]) {
      assertEquals(unicodeWidth(String(text)), width, String(text));
    }
  },
});
