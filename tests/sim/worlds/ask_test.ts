import { assertEquals, assertRejects } from "@std/assert";
import {
  Answerer,
  Asker,
  type FromAsked,
  NoAnswer,
  type ToAsked,
} from "../../../sim/worlds/ask.ts";
import { ManualClock } from "../../herd/net/manual_clock.ts";

type Sum = { readonly ask: "sum"; readonly of: readonly number[] };
type Never = { readonly ask: "never" };
type Told = { readonly sum: number; readonly never: null };

/** Two sides that hand each other copies of what they say, as threads do. */
function pair() {
  const clock = new ManualClock();
  const said: string[] = [];
  const aborted: unknown[] = [];
  const asker: Asker<Sum | Never, Told> = new Asker(
    "Ash",
    clock,
    (message: ToAsked<Sum | Never>) => {
      said.push(message.kind);
      answerer.hear(structuredClone(message));
    },
  );
  const answerer: Answerer<Sum | Never, Told> = new Answerer(
    (message: FromAsked<Told>) => asker.hear(structuredClone(message)),
    async (question, signal) => {
      if (question.ask === "sum") {
        if (question.of.length === 0) throw new RangeError("nothing to add");
        return question.of.reduce((sum, it) => sum + it);
      }
      const { promise, reject } = Promise.withResolvers<null>();
      signal.addEventListener("abort", () => {
        aborted.push(question.ask);
        reject(signal.reason);
      });
      return await promise;
    },
  );
  return { clock, said, aborted, asker, answerer };
}

Deno.test({
  name:
    "Asker.ask() gets each answer to its own question, and why there is none",
  permissions: "none",
  async fn() {
    const { asker } = pair();
    const all = [[1, 2], [], [3]].map((of) => asker.ask({ ask: "sum", of }));
    assertEquals(await all[0], 3);
    assertEquals(await all[2], 3);
    await assertRejects(() => all[1]!, NoAnswer, "nothing to add");
  },
});

Deno.test({
  name: "Asker.ask() takes back what comes too late or is wanted no longer",
  permissions: "none",
  async fn() {
    const { asker, clock, said, aborted } = pair();
    const late = asker.ask({ ask: "never" }, { deadlineMs: 50 });
    clock.step(Infinity);
    await assertRejects(() => late, NoAnswer, "Ash gave no never within 50 ms");
    const unwanted = new AbortController();
    const taken = asker.ask({ ask: "never" }, { signal: unwanted.signal });
    unwanted.abort(new Error("wanted no longer"));
    await assertRejects(() => taken, Error, "wanted no longer");
    assertEquals(said, ["ask", "forget", "ask", "forget"]);
    assertEquals(aborted, ["never", "never"]);
  },
});

Deno.test({
  name:
    "Asker.end() fails what was asked, and what will be; Answerer.end() looks no further",
  permissions: "none",
  async fn() {
    const { asker, answerer, said, aborted } = pair();
    const asked = asker.ask({ ask: "never" });
    const why = new Error("it has ended");
    asker.end(why);
    await assertRejects(() => asked, Error, why.message);
    const again = asker.ask({ ask: "sum", of: [1] });
    await assertRejects(() => again, Error, why.message);
    assertEquals(said, ["ask"]);
    answerer.end();
    assertEquals(aborted, ["never"]);
  },
});
