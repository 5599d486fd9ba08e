/**
 * What is too late is no success, however busy the machine was.
 *
 * @module
 */
import { denoPlatform } from "../../../../herd/net/deno_platform.ts";
import { assertRejects } from "@std/assert";
import { assertAnswersAlike } from "../../../../sim/live/herd/answers.ts";
import { assertConverged } from "../../../../sim/live/herd/convergence.ts";
import type { Supervisor } from "../../../../sim/live/servers/supervisor.ts";

const SERVERS = ["Ash", "Elm"];
const LINE = "AT Ash +0.500000000 kiwi +1-1 5";
/** How long this thread does nothing else. */
const BUSY_MS = 40;

/** Blocks this thread, as other work may. */
function beBusy(): void {
  const endMs = performance.now() + BUSY_MS;
  while (performance.now() < endMs);
}

/**
 * Servers that agree from the second time on that they are asked for what they
 * hold; the thread is busy after the first time.
 */
function slowToAgree(): Supervisor {
  const asked = new Map<string, number>();
  const answerOf = (server: string, kind: string) => {
    if (kind === "records") return [LINE];
    const times = (asked.get(server) ?? 0) + 1;
    asked.set(server, times);
    const isThere = server === "Ash" || times > 1;
    if (server === "Elm" && times === 1) setTimeout(beBusy);
    if (kind === "record") {
      return { at: isThere ? LINE : undefined, unanswered: 0 };
    }
    return { count: isThere ? 1 : 0, fingerprint: "00", queued: 0 };
  };
  return {
    platform: denoPlatform,
    child: () => ({ state: "up" }),
    up: () => SERVERS,
    ask: (server: string, { ask }: { ask: string }) =>
      Promise.resolve(answerOf(server, ask)),
  } as unknown as Supervisor;
}

for (const assertion of [assertConverged, assertAnswersAlike]) {
  Deno.test(`${assertion.name}() takes no agreement for one in time that came later`, async () => {
    await assertion(slowToAgree(), SERVERS, 1_000);
    await assertRejects(
      () => assertion(slowToAgree(), SERVERS, 5),
      Error,
      "only later",
    );
  });
}
