import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { historyLines } from "../../../sim/model/history.ts";
import { pageData } from "../../../sim/model/report/page_data.ts";
import type { Act, Rerun } from "../../../sim/model/report/rerun.ts";
import type {
  RerunAnswer,
  RerunQuestion,
} from "../../../sim/model/report/rerun_messages.ts";
import { runRecord } from "../../../sim/model/report/run_record.ts";
import { readScenario } from "../../../sim/live/drill/files.ts";
import { planOf } from "../../../sim/live/drill/plan.ts";
import { runScenario } from "../../../sim/live/drill/runner.ts";
import { browserModule } from "../../../sim/live/report/browser_module.ts";

/** One for all tests of this file: to make it takes a second. */
let opened: Promise<PageThread> | undefined;

function pageThread(): Promise<PageThread> {
  return opened ??= browserModule("rerun_worker.ts")
    .then((text) => new PageThread(text));
}

Deno.test.afterAll(async () => (await opened)?.end());

/** The script that a page is sent, in a thread that may do nothing. */
class PageThread {
  readonly #worker: Worker;

  constructor(text: string) {
    const script = new Blob([text], { type: "text/javascript" });
    this.#worker = new Worker(URL.createObjectURL(script), {
      type: "module",
      deno: { permissions: "none" },
    });
  }

  /** The first answer that tells of no step. */
  ask(question: RerunQuestion): Promise<RerunAnswer> {
    return new Promise((resolve, reject) => {
      this.#worker.onmessage = ({ data }) => {
        if (data.kind !== "step") resolve(data);
      };
      this.#worker.onerror = (event) => {
        event.preventDefault();
        reject(new Error(event.message));
      };
      this.#worker.postMessage(question);
    });
  }

  async run(rerun: Rerun, acts: readonly Act[] = []) {
    const answer = await this.ask({ ask: "run", rerun, acts });
    assert(answer.kind === "ran", JSON.stringify(answer));
    return answer;
  }

  end(): void {
    this.#worker.terminate();
  }
}

/** A drill's run in this program, and how a page can run it again. */
async function ran(name: string, durable?: "disk") {
  const file = await readScenario(name);
  const its = durable && { durable };
  const plan = planOf(file, { world: "virtual", seed: 7, ...its });
  const { scenario, topology, seed } = plan;
  const result = await runScenario(scenario, topology, { seed });
  const record = runRecord(result, topology, "2026-01-01T00:00:00Z");
  const rerun: Rerun = {
    drill: file,
    seed,
    settings: {},
    ...its,
    topology: {
      name: scenario.topology,
      text: Deno.readTextFileSync(`topologies/${scenario.topology}.yaml`),
    },
    towns: result.towns!,
  };
  const history = [...historyLines(result.history)].join("");
  return { page: pageData(record, result.history), rerun, history };
}

for (
  const [drill, durable] of [
    ["partition"],
    ["fuzz"],
    ["fuzz", "disk"],
  ] as const
) {
  const how = durable === undefined ? "" : `, durable by ${durable},`;
  Deno.test(`runAgain() of ${drill}${how} is the same run in a page, to the microsecond`, async () => {
    const { page, rerun } = await ran(drill, durable);
    const { page: again, unknownTowns } = await (await pageThread()).run(rerun);
    assertEquals(unknownTowns, 0);
    const { startedAt: _, ...record } = page.record;
    const { startedAt: _again, ...recordAgain } = again.record;
    assertEquals(recordAgain, record);
    assertEquals(again.messages, page.messages);
    assertEquals(again.requests, page.requests);
    assertEquals(again.updates, page.updates);
    assertEquals(again.downTimes, page.downTimes);
  });
}

Deno.test("runAgain() is the same run up to a moment, and does something else there", async () => {
  const { page, rerun } = await ran("fuzz");
  const atMs = page.spanMs / 2;
  const { page: forked, outcomes } = await (await pageThread()).run(
    rerun,
    [
      { atMs, command: "kill Hamilton" },
      { atMs, command: "kill Hamiltn" },
      { atMs, command: "quit" },
      { atMs: page.spanMs * 100, command: "kill Powell" },
    ],
  );
  assertEquals(outcomes.map(({ ok }) => ok), [true, false, false, false]);
  const [killed, wrong, quit, late] = outcomes.map(({ told }) => told);
  assertStringIncludes(killed!, "Hamilton killed in");
  assertEquals(wrong, 'no server "Hamiltn", did you mean Hamilton?');
  assertEquals(quit, "the run ends by itself");
  assertEquals(late, "the run had ended by then");
  const before = ({ downTimes }: typeof page) =>
    downTimes.filter(({ fromMs }) => fromMs < atMs - 1)
      .map(({ server, state, fromMs }) => [server, state, fromMs]);
  assertEquals(before(forked), before(page));
  const hamilton = forked.record.topology.servers.indexOf("Hamilton");
  assert(
    forked.downTimes.some(({ server, state, fromMs }) =>
      server === hamilton && state === "stopped" && fromMs >= atMs - 1
    ),
  );
  const isBefore = (
    { startedMs, tookMs }: { startedMs: number; tookMs: number },
  ) => startedMs + tookMs < atMs;
  assertEquals(
    forked.record.steps.filter(isBefore),
    page.record.steps.filter(isBefore),
  );
});

Deno.test("runAgain() counts the searches for towns whose results it was not given", async () => {
  const { rerun } = await ran("partition");
  const page = await pageThread();
  const { unknownTowns } = await page.run({ ...rerun, towns: {} });
  assertEquals(unknownTowns, 2);
});

Deno.test("completed() goes on with a command as the prompt does, and says what is wrong", async () => {
  const { rerun } = await ran("partition");
  const page = await pageThread();
  const ask = (text: string) => page.ask({ ask: "complete", rerun, text });
  assertEquals(await ask("kill P"), {
    kind: "completed",
    texts: ["kill Parker", "kill Powell"],
    problem: 'no server "P", there is Alford, Bolden, Hamilton, Parker, Powell',
  });
  assertEquals(await ask("kill Powell"), {
    kind: "completed",
    texts: ["kill Powell"],
  });
  const help = await page.ask({ ask: "help" });
  assert(help.kind === "help");
  assertStringIncludes(help.text, "kill");
});
