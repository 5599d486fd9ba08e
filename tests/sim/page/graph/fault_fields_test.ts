import { assertEquals } from "@std/assert";
import * as z from "zod";
import { KINDS } from "../../../../sim/model/steps/kinds.ts";
import { mapsIn } from "../../../../sim/model/steps/maps_in.ts";
import {
  bodyOf,
  type FaultKind,
  fieldsOf,
  type Schema,
} from "../../../../sim/page/graph/fault_fields.ts";

function kind(name: string): FaultKind {
  const it = KINDS.find((kind) => kind.name === name)!;
  const [[, fields] = ["", {}]] = mapsIn(it.schema);
  const schema = z.toJSONSchema(z.strictObject(fields), { io: "input" });
  return { name, does: it.does, on: "links", schema: schema as Schema };
}

Deno.test("fieldsOf() makes a field of each that a fault has", () => {
  const fields = fieldsOf(kind("latency"));
  const latency = fields.find(({ name }) => name === "latency")!;
  assertEquals([latency.isRequired, latency.type, latency.example], [
    true,
    "text",
    "100ms",
  ]);
  const distribution = fields.find(({ name }) => name === "distribution")!;
  assertEquals(distribution.isRequired, false);
  assertEquals(distribution.choices.includes("normal"), true);
  const names = fields.map(({ name }) => name);
  assertEquals(names.includes("targets"), false);
  assertEquals(names.includes("duration"), true);
});

Deno.test("fieldsOf() reads every fault of links and servers", () => {
  for (const { name, isFault, servers } of KINDS) {
    if (isFault !== true || servers === undefined) continue;
    for (const field of fieldsOf(kind(name))) {
      assertEquals(typeof field.note, "string", `${name}.${field.name}`);
    }
  }
});

Deno.test("bodyOf() leaves out what was left empty", () => {
  assertEquals(
    bodyOf("loss", "Ash>Elm", [["loss", "10%"], ["id", ""], ["x", "[1]"]]),
    { kind: "loss", targets: ["Ash>Elm"], loss: "10%", x: [1] },
  );
});
