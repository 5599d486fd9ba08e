import { assertEquals, assertThrows } from "@std/assert";
import {
  NoSuchParameter,
  withParams,
} from "../../../../sim/model/scenario/params.ts";

function test(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

test("withParams() fills parameters in, wherever a text is", () => {
  const file = {
    params: { rate: "100/s", who: "Powell", _1: "x" },
    steps: [{ load: { rate: "$rate" } }, { kill: ["$who", "$who$_1-$$rate"] }],
    checks: ["p50 < $rate"],
  };
  assertEquals(withParams(file, { rate: "5/s" }), {
    value: {
      steps: [{ load: { rate: "5/s" } }, { kill: ["Powell", "Powellx-$rate"] }],
      checks: ["p50 < 5/s"],
    },
    faults: [],
  });
});

test("withParams() leaves a file without params as it is", () => {
  const file = { steps: [{ send: { matches: "^AT$", line: "$$ $rate" } }] };
  assertEquals(withParams(file, {}), { value: file, faults: [] });
  assertEquals(withParams("text", {}), { value: "text", faults: [] });
  const odd = { params: ["rate"] };
  assertEquals(withParams(odd, {}).value, odd);
});

test("withParams() tells what is wrong, and where", () => {
  const file = {
    params: { rate: ["1"], "2x": "1" },
    steps: [{ load: { rate: "$rat" } }, "$"],
  };
  assertEquals(withParams(file, {}).faults, [
    {
      path: ["params", "rate"],
      part: "value",
      message: "the parameter rate must be a text",
    },
    {
      path: ["params", "2x"],
      part: "key",
      message: '"2x" can\'t name a parameter ' +
        "(a letter or _, then letters, digits, _)",
    },
    {
      path: ["steps", 0, "load", "rate"],
      part: "value",
      message: "no parameter rat",
      hint: "did you mean rate?",
    },
  ]);
});

test("withParams() refuses to set what there is not", () => {
  assertThrows(
    () => withParams({ params: { rate: "1/s" } }, { rat: "2/s" }),
    NoSuchParameter,
    'no parameter "rat", did you mean rate?',
  );
  assertThrows(
    () => withParams({ steps: [] }, { rate: "2/s" }),
    NoSuchParameter,
    'no parameter "rate", the file has no params',
  );
});
