/**
 * A server's log: JSON lines in a file.
 *
 * @module
 */
import { delay } from "@std/async";
import { assert, assertEquals, assertThrows } from "@std/assert";
import { denoPlatform } from "../../../herd/net/deno_platform.ts";
import { type LogOptions, openLog } from "../../../herd/net/log_file.ts";

const { clock } = denoPlatform;
const NAME = "Alford.jsonl";

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
  const options = { clock, server: "Alford" };
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
    const line = 'IAMAT \0"\r\t\u2028 +34-118 5';
    const fromMs = Date.now();
    const beganMs = denoPlatform.clock.nowMs();
    log.debug("dial-failed", { peer: "Bolden" });
    log.info("line-in", { client: "127.0.0.1:9", line });
    log.warn("stalled");
    log.error("bug", { error: "a\nb" });
    log.close();
    const written = read();
    assertEquals(
      written.map(({ time: _, monotonicMs: __, ...rest }) => rest),
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
    const order = written.map(({ monotonicMs }) => monotonicMs as number);
    assertEquals(order, order.toSorted((a, b) => a - b));
    assert(
      order[0]! >= beganMs - 0.001 &&
        order.at(-1)! <= denoPlatform.clock.nowMs() + 0.001,
    );
  }));

Deno.test("openLog() has the time of each line, of several at a time too", () =>
  withLog("INFO", (_, read, directory) => {
    let [nowMs, wallMs] = [5, 1_000];
    const still = { ...clock, nowMs: () => nowMs, wallMs: () => wallMs };
    const log = openLog({
      clock: still,
      server: "Alford",
      directory,
      level: "INFO",
    });
    log.info("a");
    log.info("b");
    log.warn("b");
    nowMs = 5.0004;
    log.info("b", { gone: undefined });
    wallMs = 2_000;
    log.info("b");
    nowMs = 6.25;
    log.info("b", { client: "kiwi" });
    log.close();
    assertEquals(
      read().map((line) =>
        [...Object.values(line), Object.keys(line).length].join(" ")
      ),
      [
        "1970-01-01T00:00:01.000Z 5 INFO Alford a 5",
        "1970-01-01T00:00:01.000Z 5 INFO Alford b 5",
        "1970-01-01T00:00:01.000Z 5 WARN Alford b 5",
        "1970-01-01T00:00:01.000Z 5 INFO Alford b 5",
        "1970-01-01T00:00:02.000Z 5 INFO Alford b 5",
        "1970-01-01T00:00:02.000Z 6.25 INFO Alford b kiwi 6",
      ],
    );
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
    await delay(50);
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
    const options = { clock, server: "Alford" };
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
  const options = {
    clock,
    server: "Alford",
    startedAtMs: 0,
    level: "INFO",
  } as const;
  assertThrows(
    () => openLog({ ...options, directory: "/nowhere/at/all" }),
    Deno.errors.NotFound,
  );
});

Deno.test("openLog() writes text of the wire as text, with nothing that commands a terminal", () =>
  withLog("INFO", (log, read, directory) => {
    const line = "IAMAT m\xc3\xbcller\x1b[2J\x7f\xc2\x9b31m";
    log.info("line-in", { line });
    log.close();
    assertEquals(read().map(({ line }) => line), [
      "IAMAT müller\x1b[2J\x7f\x9b31m",
    ]);
    const file = Deno.readTextFileSync(`${directory}/${NAME}`);
    assert(file.includes("müller"), file);
    assert(/^[ -~\xa0-\xff]*\n$/.test(file), JSON.stringify(file));
  }));

Deno.test("openLog() cuts what is long, at a whole character, and tells its length", () =>
  withLog("INFO", (log, read) => {
    const umlauts = "\xc3\xbc".repeat(30_000);
    log.info("line-in", { line: `x${umlauts}` });
    log.info("line-out", { line: "AT", bytes: 99 });
    log.error("bug", { error: "e".repeat(2_000) });
    log.close();
    const [long, short, bug] = read();
    assertEquals([long!.line, long!.bytes], [`x${"ü".repeat(255)}`, 60_001]);
    assertEquals([short!.line, short!.bytes], ["AT", 99]);
    assertEquals([`${bug!.error}`.length, bug!.bytes], [2_000, undefined]);
  }));

Deno.test("openLog() puts a full file aside, and keeps one older", async () => {
  const directory = await Deno.makeTempDir();
  const sizes = () =>
    [...Deno.readDirSync(directory)].map(({ name }) => name).sort()
      .map((name) => [name, Deno.statSync(`${directory}/${name}`).size]);
  try {
    const options = {
      clock,
      server: "Alford",
      directory,
      level: "INFO",
    } as const;
    // Twice: what is full goes on being counted where a file is continued.
    for (let run = 0; run < 2; run++) {
      const log = openLog({ ...options, fileBytesMax: 1_000 });
      for (let nth = 0; nth < 25; nth++) {
        log.info("line-in", { nth, wide: "€".repeat(nth % 3) });
      }
      log.close();
    }
    const files = sizes();
    assertEquals(files.map(([name]) => name), [NAME, `${NAME}.1`]);
    assert(files.every(([, size]) => Number(size) <= 1_000), `${files}`);
    // It is full: a line takes 150 bytes or so.
    assert(Number(files[1]![1]) > 840, `${files}`);
    const text = await Deno.readTextFile(`${directory}/${NAME}.1`) +
      await Deno.readTextFile(`${directory}/${NAME}`);
    const nths = text.trim().split("\n").map((line) => JSON.parse(line).nth);
    assertEquals(nths, Array.from(nths, (_, at) => 25 - nths.length + at));
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});
