import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import {
  getLevelByName,
  getLevelName,
  type LevelName,
  LogLevels,
} from "@std/log/levels";
import { Logger, type LogRecord } from "@std/log/logger";
import { FileHandler } from "../../std/log/file_handler.ts";
import { BaseHandler } from "../../std/log/handler.ts";
import { FakeTime } from "@std/testing/time";

class Kept extends BaseHandler {
  readonly lines: string[] = [];
  override log(msg: string): void {
    this.lines.push(msg);
  }
}

/** A logger over a file in a new folder, and what is in that file. */
function fileLogger(level: LevelName = "DEBUG") {
  const folder = Deno.makeTempDirSync();
  const filename = `${folder}/a.log`;
  const handler = new FileHandler(level, {
    filename,
    formatter: (record: LogRecord) => record.msg,
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

Deno.test({
  name: "getLevelByName() and getLevelName() are each other's inverse",
  permissions: "none",
  fn() {
    for (const name of Object.keys(LogLevels) as LevelName[]) {
      assertEquals(getLevelName(getLevelByName(name)), name);
    }
    assertThrows(() => getLevelByName("LOUD" as LevelName), Error, "LOUD");
  },
});

Deno.test({
  name: "Logger calls a message that is a function only if it is recorded",
  permissions: "none",
  fn() {
    const kept = new Kept("INFO");
    const log = new Logger("a", "INFO", { handlers: [kept] });
    let calls = 0;
    assertEquals(log.debug(() => ++calls), undefined);
    assertEquals(calls, 0);
    assertEquals(log.warn(() => ++calls), 1);
    log.info({ a: 1 });
    log.levelName = "ERROR";
    log.warn("not this");
    log.critical("this");
    assertEquals(kept.lines, ["WARN 1", 'INFO {"a":1}', "CRITICAL this"]);
  },
});

Deno.test("FileHandler writes 10 ms after the first line that it holds", () => {
  using time = new FakeTime();
  using file = fileLogger();
  file.log.info("first");
  time.tick(9);
  file.log.info("second");
  assertEquals(file.written(), "");
  time.tick(1);
  assertEquals(file.written(), "first\nsecond\n");
});

Deno.test("FileHandler writes an error at once, with what came before", () => {
  using file = fileLogger();
  file.log.info("before");
  file.log.error("now");
  assertEquals(file.written(), "before\nnow\n");
});

Deno.test("FileHandler.destroy() writes what is held, and appends the next time", () => {
  using file = fileLogger();
  file.log.info("one");
  file.handler.destroy();
  assertEquals(file.written(), "one\n");
  file.handler.setup();
  file.log.info("two");
  file.handler.flush();
  assertEquals(file.written(), "one\ntwo\n");
});

Deno.test("FileHandler holds no more than its buffer", () => {
  using file = fileLogger();
  file.log.info("x".repeat(65_536));
  assertEquals(file.written().length, 65_537);
});

Deno.test("FileHandler tells once that it can't write, and never throws", () => {
  using file = fileLogger();
  const real = Deno.FsFile.prototype.writeSync;
  Deno.FsFile.prototype.writeSync = () => {
    throw new Error("No space left on device");
  };
  try {
    const told = stderrOf(() => {
      file.log.error("one");
      file.log.error("two");
    });
    assertEquals(told.length, 1);
    assertStringIncludes(told.join(), "a.log: No space left on device");
  } finally {
    Deno.FsFile.prototype.writeSync = real;
  }
  file.log.error("three");
  assertEquals(file.written(), "three\n");
});
