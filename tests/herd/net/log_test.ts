/**
 * A server's log: JSON lines in a file.
 *
 * @module
 */
import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  logFileName,
  type LogOptions,
  openLog,
} from "../../../herd/net/log.ts";

const STARTED_AT_MS = Date.UTC(2026, 2, 1, 12, 30, 59, 999);
const NAME = "Alford-2026-03-01T12-30-59Z.jsonl";

/** A log in a folder of its own. */
async function withLog(
  level: LogOptions["level"],
  run: (
    log: ReturnType<typeof openLog>,
    read: () => Record<string, unknown>[],
    directory: string,
  ) => Promise<void> | void,
): Promise<void> {
  const directory = await Deno.makeTempDir();
  const options = { server: "Alford", startedAtMs: STARTED_AT_MS };
  const log = openLog({ ...options, directory, level });
  const read = () =>
    Deno.readTextFileSync(`${directory}/${NAME}`).split("\n").slice(0, -1)
      .map((line) => JSON.parse(line));
  try {
    await run(log, read, directory);
  } finally {
    log.close();
    await Deno.remove(directory, { recursive: true });
  }
}

Deno.test("openLog() writes one JSON object a line", () =>
  withLog("DEBUG", (log, read) => {
    const line = 'IAMAT \0\xff"\r\t\u2028 +34-118 5';
    const fromMs = Date.now();
    log.debug("dial-failed", { peer: "Bolden" });
    log.info("line-in", { client: "127.0.0.1:9", line });
    log.warn("stalled");
    log.error("bug", { error: "a\nb" });
    log.close();
    const written = read();
    assertEquals(
      written.map(({ time: _, ...rest }) => rest),
      [
        {
          level: "DEBUG",
          server: "Alford",
          event: "dial-failed",
          peer: "Bolden",
        },
        {
          level: "INFO",
          server: "Alford",
          event: "line-in",
          client: "127.0.0.1:9",
          line,
        },
        { level: "WARN", server: "Alford", event: "stalled" },
        { level: "ERROR", server: "Alford", event: "bug", error: "a\nb" },
      ],
    );
    const times = written.map(({ time }) => Date.parse(time as string));
    assert(times.every((time) => time >= fromMs && time <= Date.now()));
  }));

Deno.test("openLog() leaves out what is below its level", async () => {
  const events = { DEBUG: 4, INFO: 3, WARN: 2, ERROR: 1 } as const;
  for (const [level, count] of Object.entries(events)) {
    await withLog(level as keyof typeof events, (log, read) => {
      assertEquals(log.lines, count >= 3, level);
      log.debug("a");
      log.info("b");
      log.warn("c");
      log.error("d");
      log.close();
      assertEquals(
        read().map(({ event }) => event).join(""),
        "abcd".slice(4 - count),
      );
    });
  }
});

Deno.test("openLog() has a line in the file before 50 ms are over, without a close", () =>
  withLog("INFO", async (log, read) => {
    log.info("line-in", { line: "x" });
    // Timers go off in their order, however busy the machine is.
    await new Promise((resolve) => setTimeout(resolve, 50));
    assertEquals(read().map(({ line }) => line), ["x"]);
  }));

Deno.test("openLog() has an error in the file at once", () =>
  withLog("INFO", (log, read) => {
    log.info("before");
    log.error("bug");
    assertEquals(read().map(({ event }) => event), ["before", "bug"]);
  }));

Deno.test("openLog() goes on in the file of the same run", () =>
  withLog("INFO", (log, read, directory) => {
    log.info("first");
    log.close();
    const options = { server: "Alford", startedAtMs: STARTED_AT_MS };
    const again = openLog({ ...options, directory, level: "INFO" });
    again.info("second");
    again.close();
    assertEquals(read().map(({ event }) => event), ["first", "second"]);
  }));

Deno.test("openLog() takes nothing any more after close()", () =>
  withLog("INFO", (log, read) => {
    log.info("before");
    log.close();
    log.info("after");
    log.close();
    assertEquals(read().map(({ event }) => event), ["before"]);
  }));

Deno.test("openLog() throws if its folder is not there", () => {
  const options = { server: "Alford", startedAtMs: 0, level: "INFO" } as const;
  assertThrows(
    () => openLog({ ...options, directory: "/nowhere/at/all" }),
    Deno.errors.NotFound,
  );
});

Deno.test("logFileName() names server and time, for any file system", () => {
  assertEquals(logFileName("Alford", STARTED_AT_MS), NAME);
});
