import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { YamlFile } from "../../../sim/model/yaml.ts";
import { YAML_ENV } from "./yaml_env.ts";

const TEXT = `# a comment
name: drill
time: 1400794645.392014450
steps:
  - kill: Powell
  - &pair [Alford, "Bolden"]
  - *pair
empty:
`;

Deno.test({
  name: "YamlFile keeps every scalar as it is written",
  permissions: YAML_ENV,
  fn() {
    assertEquals(new YamlFile(TEXT, "a.yaml").value, {
      name: "drill",
      time: "1400794645.392014450",
      steps: [{ kill: "Powell" }, ["Alford", "Bolden"], ["Alford", "Bolden"]],
      empty: "",
    });
  },
});

Deno.test({
  name: "YamlFile.place() and keyPlace() tell line and column",
  permissions: YAML_ENV,
  fn() {
    const file = new YamlFile(TEXT, "a.yaml");
    const at = (line: number, column: number) => ({ line, column });
    assertEquals(file.place(["time"]), at(3, 7));
    assertEquals(file.keyPlace(["time"]), at(3, 1));
    assertEquals(file.place(["steps", 0, "kill"]), at(5, 11));
    assertEquals(file.keyPlace(["steps", 0, "kill"]), at(5, 5));
    assertEquals(file.place(["steps", 1, 1]), at(6, 20));
    assertEquals(file.place(["steps", 2, 1]), at(6, 20), "through the alias");
    assertEquals(file.place(["empty"]), at(8, 1), "no value: the key");
    assertEquals(
      file.place(["steps", 0, "kill", "to"]),
      at(5, 11),
      "innermost",
    );
    assertEquals(file.place(["steps", 9]), at(5, 3), "innermost");
    assertEquals(file.place([]), at(2, 1));
  },
});

Deno.test({
  name: "YamlFile tells what is wrong with the YAML, and where",
  permissions: YAML_ENV,
  fn() {
    const table: [string, string[]][] = [
      ["a: [1, 2", ["1:9"]],
      ["a: 1\nb: 2\na: 3\n", ["3:1"]],
      ["a: !secret 3\n", ["1:4"]],
      ["a: *nobody\n", ["1:1"]],
      ["a: 1\n---\nb: 2\n", ["2:1"]],
      ["a: 'never closed\n", ["2:1"]],
      ["\ta: 1\n", ["1:1"]],
    ];
    for (const [text, places] of table) {
      const { problems } = new YamlFile(text, "a.yaml");
      assertEquals(
        problems.map(({ line, column }) => `${line}:${column}`).slice(0, 1),
        places,
        JSON.stringify([text, problems]),
      );
    }
    const twice = new YamlFile("a: 1\nb: 2\na: 3\n", "a.yaml");
    assertEquals(twice.problems[0]?.message, "a stands here twice");
    assert(twice.value !== undefined, "what else is wrong must show too");
  },
});

Deno.test({
  name: "YamlFile tells the first slip in the syntax alone, in plain words",
  permissions: YAML_ENV,
  fn() {
    const table: [string, string][] = [
      ["steps:\n   - wait: 1s\n  - kill: a\n", "3:1 the indentation is wrong"],
      ["steps:\n\t- kill: a\n  - kill: b\n", "2:1 Tabs are not allowed"],
      ["steps:\n  - wait\n    kill: a\n", "2:5 the indentation is wrong"],
      ["a: b: c\nd: e: f\n", '1:4 the indentation is wrong, or text with ": "'],
      ["a: { b: c d: e, f: ? g }\n", '1:9 text with ": " or "- "'],
    ];
    for (const [text, told] of table) {
      const { problems, value } = new YamlFile(text, "a.yaml");
      const all = problems.map(({ line, column, message }) =>
        `${line}:${column} ${message}`
      );
      assertEquals(all.map((one) => one.slice(0, told.length)), [told]);
      assertEquals(value, undefined);
    }
  },
});

Deno.test({
  name: "YamlFile refuses aliases that would blow up",
  permissions: YAML_ENV,
  fn() {
    const layers = Array.from(
      { length: 20 },
      (_, i) => `l${i + 1}: &l${i + 1} [${Array(9).fill(`*l${i}`)}]`,
    );
    const file = new YamlFile(`l0: &l0 x\n${layers.join("\n")}\n`, "a.yaml");
    assertEquals(file.value, undefined);
    assertEquals(file.problems.length, 1);
  },
});

Deno.test({
  name: "YamlFile takes any text without a throw",
  permissions: YAML_ENV,
  fn() {
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.array(fc.constantFrom(..."a:-[]{}&*!|>'\"#?%@\n \t,<".split("")))
        .map((chars) => chars.join("")),
    );
    fc.assert(fc.property(text, (source) => {
      const file = new YamlFile(source, "any.yaml");
      file.place(["steps", 0, "kill"]);
      for (const { line, column } of file.problems) {
        assert(line > 0 && column > 0);
      }
    }));
  },
});
