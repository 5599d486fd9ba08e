import {
  assert,
  assertEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { exploreOptions } from "../../../../sim/live/cli/explore_options.ts";
import { UsageError } from "../../../../sim/live/cli/usage_error.ts";
import { faultName } from "../../../../sim/model/explore/setup.ts";

const MAIN = new URL(
  "../../../../sim/live/cli/explore_main.ts",
  import.meta.url,
);

/** Runs `deno task explore` with arguments. */
async function exploreMain(...args: string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-check", "-P=herd", MAIN.pathname, ...args],
    env: { NO_COLOR: "1" },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: text(stdout), err: text(stderr) };
}

Deno.test("deno task explore: none diverged is 0, a planted bug is 1 with its order", async () => {
  const pair = ["--topology", "line:2", "--at", "s0"];
  const [well, ill] = await Promise.all([
    exploreMain(...pair),
    exploreMain(...pair, "--fault", "s0-s1", "--plant", "no-sync", "--json"),
  ]);
  assertEquals(well.code, 0, well.err);
  assert(/\n0 diverged of [\d,]+ states\n$/.test(well.out), well.out);
  for (const fault of ["s0-s1", "s0", "s1"]) {
    assertStringIncludes(well.out, `${fault}: 0 diverged of `);
  }
  assertEquals(ill.code, 1, ill.err);
  const { fault, plantedBug, shortest } = JSON.parse(ill.out);
  assertEquals([fault, plantedBug], ["s0-s1", "no-sync"]);
  assertEquals(shortest.steps.length, 3);
});

Deno.test("deno task explore: a bound that is reached is no success", async () => {
  const { code, out } = await exploreMain("--states-max", "30");
  assertEquals(code, 1);
  assertStringIncludes(out, "not known, --states-max is reached: 0 diverged");
});

Deno.test("deno task explore: what it can't explore is an error of who asks", async () => {
  const wrong = [
    ["--topology", "line:6"],
    ["--topology", "none-such"],
    ["--at", "s9"],
    ["--at", "s0,s0,s0,s0"],
    ["--fault", "s0-s2"],
    ["--mode", "no-such"],
    ["--ask", "s1"],
    ["--mode", "ondemand", "--ask", "s9"],
    ["--plant", "no-such"],
    ["--states-max", "0"],
    ["--unknown"],
    ["more"],
  ];
  for (const args of wrong) {
    assertThrows(() => exploreOptions(args), UsageError, "", args.join(" "));
  }
  const { code, err } = await exploreMain("--topology", "line:6");
  assertEquals([code, err], [
    2,
    "--topology line:6: 6 servers, 2 to 5 can be explored\n",
  ]);
});

/** The options of a command line that asks for no help. */
function optionsOf(...args: string[]) {
  const options = exploreOptions(args);
  if (options === "help") {
    throw new TypeError("Cannot explore: it asks for help");
  }
  return options;
}

Deno.test("deno task explore: without options, each fault of a line of three", () => {
  const { setups } = optionsOf();
  assertEquals(setups.map(({ fault }) => faultName(fault)), [
    "s0-s1",
    "s1-s2",
    "s0",
    "s1",
    "s2",
  ]);
  assertEquals(setups[0]!.told.map(({ server }) => server), ["s0", "s2"]);
  assertEquals(setups[0]!.isSlow, false);
  assertEquals(setups[0]!.asked, undefined);
  assertEquals(optionsOf("--mode", "ondemand").setups[0]!.asked, "s1");
  assertEquals(optionsOf("--slow").setups[0]!.isSlow, true);
});
