import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import {
  getLevelByName,
  type LevelName,
  type LogLevel,
  LogLevels,
} from "@std/log/levels";
import { Logger, type LogRecord } from "@std/log/logger";
import { RotatingFileHandler } from "@std/log/rotating-file-handler";
import { FakeTime } from "@std/testing/time";

/** A logger over a file in a new folder, and what is in that file. */
function fileLogger(maxBytes = 1_000_000) {
  const folder = Deno.makeTempDirSync();
  const filename = `${folder}/a.log`;
  const handler = new RotatingFileHandler("DEBUG", {
    filename,
    maxBytes,
    maxBackupCount: 1,
    formatter: ({ msg }) => msg,
  });
  handler.setup();
  return {
    log: new Logger("a", "DEBUG", { handlers: [handler] }),
    handler,
    written: () => Deno.readTextFileSync(filename),
    [Symbol.dispose]() {
      handler.destroy();
      Deno.removeSync(folder, { recursive: true });
    },
  };
}

/** What `fn` tells on standard error. */
function stderrOf(fn: () => void): string[] {
  const told: string[] = [];
  const real = console.error;
  console.error = (line: string) => void told.push(line);
  try {
    fn();
  } finally {
    console.error = real;
  }
  return told;
}

/** What `fn` tells on standard error while a function of the system fails. */
function toldWithout<T extends object>(
  owner: T,
  name: keyof T,
  why: string,
  fn: () => void,
): string[] {
  const real = owner[name];
  owner[name] = (() => {
    throw new Error(why);
  }) as T[keyof T];
  try {
    return stderrOf(fn);
  } finally {
    owner[name] = real;
  }
}

Deno.test({
  name: "getLevelByName() knows each level by its name, and no other",
  permissions: "none",
  fn() {
    for (const [name, level] of Object.entries(LogLevels)) {
      assertEquals<LogLevel>(getLevelByName(name as LevelName), level);
    }
    assertThrows(() => getLevelByName("LOUD" as LevelName), Error, "LOUD");
  },
});

Deno.test({
  name: "Logger passes on messages of its level and above",
  permissions: "none",
  fn() {
    const told: LogRecord[] = [];
    const handlers = [{
      handle: (record: LogRecord) => void told.push(record),
    }];
    const log = new Logger("a", "WARN", { handlers });
    log.debug("not this");
    log.info("nor this");
    log.warn("this", { a: 1 });
    log.error("and this");
    assertEquals(told, [
      { msg: "this", level: 30, levelName: "WARN", args: [{ a: 1 }] },
      { msg: "and this", level: 40, levelName: "ERROR", args: [] },
    ]);
  },
});

Deno.test("RotatingFileHandler writes 10 ms after the first line that it holds", () => {
  using time = new FakeTime();
  using file = fileLogger();
  file.log.info("first");
  time.tick(9);
  file.log.info("second");
  assertEquals(file.written(), "");
  time.tick(1);
  assertEquals(file.written(), "first\nsecond\n");
});

Deno.test("RotatingFileHandler writes an error at once, with what came before", () => {
  using file = fileLogger();
  file.log.info("before");
  file.log.error("now");
  assertEquals(file.written(), "before\nnow\n");
});

Deno.test("RotatingFileHandler.destroy() writes what is held, and appends the next time", () => {
  using file = fileLogger();
  file.log.info("one");
  file.handler.destroy();
  assertEquals(file.written(), "one\n");
  file.handler.setup();
  file.log.info("two");
  file.handler.flush();
  assertEquals(file.written(), "one\ntwo\n");
});

Deno.test("RotatingFileHandler holds no more than its buffer", () => {
  using file = fileLogger();
  file.log.info("x".repeat(65_536));
  assertEquals(file.written().length, 65_537);
});

Deno.test("RotatingFileHandler tells once that it can't write, and never throws", () => {
  using file = fileLogger();
  const full = "No space left on device";
  const told = toldWithout(Deno.FsFile.prototype, "writeSync", full, () => {
    file.log.error("one");
    file.log.error("two");
  });
  assertEquals(told.length, 1);
  assertStringIncludes(told.join(), `a.log: ${full}`);
  file.log.error("three");
  assertEquals(file.written(), "three\n");
});

Deno.test("RotatingFileHandler goes on once it can begin a new file, and never throws", () => {
  using file = fileLogger(10);
  file.log.error("first");
  const why = "Too many open files";
  const told = toldWithout(Deno, "openSync", why, () => {
    file.log.error("lost");
    file.log.error("lost too");
  });
  assertEquals(told.length, 1);
  assertStringIncludes(told.join(), `a.log: ${why}`);
  file.log.error("second");
  assertEquals(file.written(), "second\n");
});

Deno.test("RotatingFileHandler holds nothing once it is closed", () => {
  using file = fileLogger();
  file.handler.destroy();
  file.handler.destroy();
  file.log.error("too late");
  file.handler.setup();
  file.handler.flush();
  assertEquals(file.written(), "");
});
