import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { byteString } from "../../../../herd/core/bytes/bytes.ts";
import { Line } from "../../../../herd/core/wire/line.ts";
import { parseLinkLine } from "../../../../herd/core/wire/link_message.ts";
import { parseClientLine } from "../../../../herd/core/wire/message.ts";
import { BAD_POSITIONS, BAD_TIMES } from "../bad_words.ts";
import { blockOf, pure } from "../pure.ts";

const REST = "kiwi +34.068930-118.445127 1621464827.959498503";
const IAMAT = `IAMAT ${REST}`;
const AT = `AT Alford +0.263873386 ${REST} Bolden`;

type Message = ReturnType<typeof parseClientLine | typeof parseLinkLine>;

/** A message with its places as texts, so that two can be compared. */
function told(message: Message) {
  const place = message.kind === "iamat"
    ? message
    : message.kind === "at"
    ? message.fix
    : undefined;
  if (place === undefined) return message;
  const { block, clientStart, clientEnd, end, seconds, nanos } = place;
  const text = byteString(block.bytes);
  return {
    kind: message.kind,
    head: "start" in place ? text.slice(place.start, clientStart) : "",
    client: text.slice(clientStart, clientEnd),
    rest: text.slice(clientStart, end),
    seconds,
    nanos,
  };
}

/** What is read of a line, where it lies in a text, by `read()` or by `scan()`. */
function readAt(wire: string, start: number, limit: number, isRead: boolean) {
  const line = new Line();
  const block = blockOf(wire);
  const end = isRead
    ? line.read(block, start, limit)
    : line.scan(block, start, limit, false);
  return {
    isCommon: line.common !== undefined,
    told: {
      end,
      text: line.text,
      place: [line.start, line.end],
      client: told(parseClientLine(line)),
      link: told(parseLinkLine(line, "Bolden")),
      fields: Array.from({ length: line.count }, (_, i) => line.field(i)),
    },
  };
}

/** Whether a line is common; what it is taken for must be what it always was. */
function isCommon(line: string): boolean {
  const before = "AT 1 ";
  const wire = `${before}${line}\n9 9 9`;
  const read = readAt(wire, before.length, wire.length, true);
  const scanned = readAt(wire, before.length, wire.length, false);
  assertEquals(read.told, scanned.told, JSON.stringify(line));
  return read.isCommon;
}

pure("CommonLine.read() reads what a usual line says", () => {
  const lines = [
    IAMAT,
    AT,
    IAMAT.replace("kiwi", "\xff\x7f?"),
    IAMAT.replace("kiwi", "IAMAT"),
    IAMAT.replace("1621464827.959498503", "0"),
    IAMAT.replace("1621464827", "-1621464827"),
    IAMAT.replace("1621464827", "9".repeat(400)),
    IAMAT.replace("503", "5031234567890"),
    AT.replace("+0", "-2582078710"),
  ];
  for (const line of lines) assert(isCommon(line), line);
});

pure("CommonLine.read() leaves all else to the parsers", () => {
  const lines = [
    "",
    "I",
    "IAMAT",
    "IAMAT ",
    "A",
    "AT ",
    ` ${IAMAT}`,
    `${IAMAT} `,
    `${IAMAT}\r`,
    `${IAMAT} x`,
    `${AT} x`,
    `${AT}\r`,
    AT.replace(" Bolden", ""),
    AT.replace("+0.26", "+0.2"),
    AT.replace("Alford", ""),
    IAMAT.replace("IAMAT", "IAMAS"),
    IAMAT.replace("kiwi", ""),
    IAMAT.replace("kiwi", "ki\0wi"),
    IAMAT.replace(" +34", "\t+34"),
    IAMAT.replace("127 ", "127  "),
    ...BAD_POSITIONS.map((word) => `IAMAT kiwi ${word} 1`),
    ...BAD_TIMES.map((word) => `IAMAT kiwi +34-118 ${word}`),
  ];
  for (const line of lines) assert(!isCommon(line), JSON.stringify(line));
});

pure("CommonLine.read() sees a line that is not whole as no line", () => {
  for (const wire of [`${IAMAT}\n`, `${AT}\n`]) {
    for (let limit = 0; limit < wire.length; limit++) {
      assertEquals(readAt(wire, 0, limit, true), readAt(wire, 0, limit, false));
    }
  }
});

/** A usual line with some bytes replaced, put in or taken out. */
const nearly = fc.tuple(
  fc.constantFrom<string[]>(IAMAT, AT),
  fc.array(
    fc.tuple(
      fc.nat({ max: 90 }),
      fc.nat({ max: 2 }),
      fc.constantFrom(
        "",
        ..." \t\r\n+-.019Aa\0\x8a\xff",
        "  ",
        "0000",
        "99999",
      ),
    ),
    { maxLength: 3 },
  ),
).map(([line, edits]) =>
  edits.reduce(
    (text, [at, taken, put]) =>
      text.slice(0, at) + put + text.slice(at + taken),
    line,
  )
);

pure("CommonLine.read() tells what the parsers tell of any line", () => {
  let common = 0;
  fc.assert(
    fc.property(nearly, fc.nat({ max: 9 }), (line, start) => {
      const wire = `${"5".repeat(start)}${line}\n7 7\n`;
      const read = readAt(wire, start, wire.length, true);
      const scanned = readAt(wire, start, wire.length, false);
      assertEquals(read.told, scanned.told);
      if (read.isCommon) common++;
    }),
    { numRuns: 5_000 },
  );
  assert(common > 500, `${common} of 5,000 lines were common`);
});
