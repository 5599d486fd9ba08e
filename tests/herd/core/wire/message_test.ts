import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  bytesOf,
  type ByteString,
  byteString,
} from "../../../../herd/core/bytes/bytes.ts";
import { ByteBlock } from "../../../../herd/core/bytes/block.ts";
import {
  clientText,
  fieldsOf,
  lineText,
} from "../../../../herd/core/wire/fix.ts";
import { Line } from "../../../../herd/core/wire/line.ts";
import { LineBuffer } from "../../../../herd/core/wire/lines.ts";
import {
  LINE_KINDS,
  type LinkMessage,
  parseLinkLine,
  parseWanted,
} from "../../../../herd/core/wire/link_message.ts";
import {
  type BadLine,
  type ClientMessage,
  parseAtLine,
  parseClientLine,
  parseInstant,
  questionReply,
  whatsatFields,
} from "../../../../herd/core/wire/message.ts";
import type { Iamat } from "../../../../herd/core/wire/fix_messages.ts";
import { BAD_POSITIONS, BAD_TIMES, BAD_UNSIGNED } from "../bad_words.ts";
import { lineWithin, pure } from "../pure.ts";

const POSITION = "+34.068930-118.445127";
const IAMAT = `IAMAT kiwi ${POSITION} 1621464827.959498503`;
/** 256 sums, and a bit for each of 256. */
const [SUMS, BITS] = ["01ef".repeat(1_024), "0f".repeat(32)];
const AT = `AT Alford +0.263873386 kiwi ${POSITION} 1621464827.959498503`;

/** What a line is taken for, in the middle of a text, whole. */
function client(line: ByteString): ClientMessage {
  return parseClientLine(lineWithin(line));
}

/** What an IAMAT tells. */
function heardOf(
  { block, clientStart, clientEnd, end, seconds, nanos }: Iamat,
) {
  const text = byteString(block.bytes);
  const client = text.slice(clientStart, clientEnd);
  return { client, rest: text.slice(clientStart, end), seconds, nanos };
}

/** What a line is taken for when it came byte by byte through a line buffer. */
function dripped(line: ByteString): ClientMessage[] {
  const lines = new LineBuffer(65_536);
  const messages: ClientMessage[] = [];
  const block = new ByteBlock(new Uint8Array(1));
  for (const byte of bytesOf(line + "\n")) {
    block.bytes[0] = byte;
    lines.feed(block, 1);
    while (lines.next()) messages.push(parseClientLine(lines.line));
  }
  return messages;
}

function assertBad(why: BadLine, lines: readonly ByteString[]): void {
  for (const line of lines) {
    assertEquals(client(line), { kind: "bad", why }, JSON.stringify(line));
    assertEquals(dripped(line), [{ kind: "bad", why }], JSON.stringify(line));
  }
}

pure("parseClientLine() reads an IAMAT, byte for byte", () => {
  for (
    const line of [IAMAT, ` \t${IAMAT}\v\f `, IAMAT.replaceAll(" ", " \t\r")]
  ) {
    for (const message of [client(line), ...dripped(line)]) {
      assert(message.kind === "iamat");
      assertEquals(heardOf(message), {
        client: "kiwi",
        rest: IAMAT.slice("IAMAT ".length),
        seconds: 1_621_464_827,
        nanos: 959_498_503,
      });
    }
  }
});

pure("parseClientLine() takes any bytes but white space for a client", () => {
  for (
    const id of [
      "__proto__",
      "constructor",
      "\0",
      "\xff\xfe",
      "a\xa0b",
      "IAMAT",
      "?",
    ]
  ) {
    const rest = `${id} ${POSITION} -1.50`;
    const message = client(`IAMAT ${rest}`);
    assert(message.kind === "iamat");
    const time = { seconds: -2, nanos: 500_000_000 };
    assertEquals(heardOf(message), { client: id, rest, ...time });
    const query = `WHATSAT\t${id}  50.000 020 `;
    assertEquals(client(query), { kind: "whatsat" });
    assertEquals(whatsatFields(lineWithin(query)), {
      client: id,
      radiusKm: "50.000",
      items: 20,
    });
  }
});

pure("parseClientLine() takes white space for a blank line", () => {
  for (const line of ["", " ", "\t\v\f\r", "\r"]) {
    assertEquals(client(line), { kind: "blank" });
    assertEquals(dripped(line), [{ kind: "blank" }]);
  }
});

pure("parseClientLine() names an unknown command", () => {
  assertBad("unknown-command", [
    "iamat kiwi +0-0 1",
    "Iamat kiwi +0-0 1",
    "whatsat kiwi 10 5",
    "IAMATS kiwi +0-0 1",
    "IAMA kiwi +0-0 1",
    "I AMAT kiwi +0-0 1",
    "\0IAMAT kiwi +0-0 1",
    "\xa0IAMAT kiwi +0-0 1",
    "\xef\xbb\xbfIAMAT kiwi +0-0 1",
    "? IAMAT kiwi +0-0 1",
    "hello",
    "__proto__",
    `${AT} Alford`,
    "PEER 1 a b 00000000000000000000000000000000",
    "SYNC 0 0000000000000000",
    "HAVE 0",
    "WANT 0",
    "PING 1",
  ]);
});

pure("parseClientLine() names a wrong number of fields", () => {
  assertBad("field-count", [
    "IAMAT",
    "IAMAT kiwi",
    `IAMAT kiwi ${POSITION}`,
    `${IAMAT} x`,
    `${IAMAT} x x x x x x x x`,
    "IAMAT kiwi +34.068930 -118.445127 1",
    "WHATSAT",
    "WHATSAT kiwi",
    "WHATSAT kiwi 10",
    "WHATSAT kiwi 10 5 x",
    "WHATSAT kiwi smith 10 5",
  ]);
});

pure("parseClientLine() names a bad position", () => {
  assertBad("bad-position", BAD_POSITIONS.map((it) => `IAMAT kiwi ${it} 1`));
});

pure("parseClientLine() names a bad time", () => {
  assertBad("bad-time", BAD_TIMES.map((it) => `IAMAT kiwi ${POSITION} ${it}`));
});

pure("parseClientLine() names a bad radius", () => {
  const radii = [...BAD_UNSIGNED, "51", "50.0001", "100", "9".repeat(400)];
  assertBad("bad-radius", radii.map((radius) => `WHATSAT kiwi ${radius} 5`));
  for (const radius of ["0", "0.0", "50", "50.0", "049.999", "0.5"]) {
    assertEquals(client(`WHATSAT kiwi ${radius} 5`).kind, "whatsat", radius);
  }
});

pure("parseClientLine() names a bad number of items", () => {
  const items = [...BAD_UNSIGNED, "21", "5.5", "5.0", "100", "9".repeat(400)];
  assertBad("bad-items", items.map((items) => `WHATSAT kiwi 10 ${items}`));
  for (const [text, items] of [["0", 0], ["20", 20], ["007", 7]] as const) {
    const line = `WHATSAT kiwi 10 ${text}`;
    assertEquals(client(line).kind, "whatsat");
    assertEquals(whatsatFields(lineWithin(line)).items, items);
  }
});

function link(line: ByteString): LinkMessage {
  return parseLinkLine(lineWithin(line), "Alford");
}

pure("parseLinkLine() reads an AT of the neighbour that sends it", () => {
  for (const line of [`${AT} Alford`, `  ${AT}\t\v  Alford `]) {
    const message = link(line);
    assert(message.kind === "at");
    assertEquals(clientText(message.fix), "kiwi");
    assertEquals(lineText(message.fix), AT);
    assertEquals(fieldsOf(message.fix), {
      server: "Alford",
      difference: "+0.263873386",
      client: "kiwi",
      position: POSITION,
      time: "1621464827.959498503",
    });
  }
});

pure("parseLinkLine() reads all other lines", () => {
  const table: [string, LinkMessage][] = [
    ["", { kind: "blank" }],
    [" \t", { kind: "blank" }],
    ["SYNC 12 0123456789abcdef", {
      kind: "sync",
      count: 12,
      fingerprint: "0123456789abcdef",
    }],
    ["CHECK 0 0123456789abcdef", {
      kind: "check",
      count: 0,
      fingerprint: "0123456789abcdef",
    }],
    ["UNEQUAL 3 0123456789abcdef", {
      kind: "unequal",
      count: 3,
      fingerprint: "0123456789abcdef",
    }],
    [`SUMS ${SUMS}`, { kind: "sums", bucket: undefined, sums: SUMS }],
    [`SUMS 255 ${SUMS}`, { kind: "sums", bucket: 255, sums: SUMS }],
    [`DIFF ${BITS}`, { kind: "diff", bucket: undefined, children: BITS }],
    [`DIFF 0 ${BITS}`, { kind: "diff", bucket: 0, children: BITS }],
    ["HAVE 256", { kind: "have", lines: 256 }],
    ["HAVE 0", { kind: "have", lines: 0 }],
    ["WANT 65536", { kind: "want", lines: 65_536 }],
    ["PING 9007199254740991", { kind: "ping", number: 2 ** 53 - 1 }],
    ["PONG 7", { kind: "pong", number: 7 }],
    ["IHAVE 256", { kind: "ihave", lines: 256 }],
    ["GRAFT 1", { kind: "graft", lines: 1 }],
    ["PRUNE Alford", { kind: "prune", server: "Alford" }],
    ["QUERY a.1 950 \xff", {
      kind: "query",
      id: "a.1",
      ms: 950,
      client: "\xff",
    }],
    ["ANSWER a.1 2", {
      kind: "answer",
      id: "a.1",
      unanswered: 2,
      fix: undefined,
    }],
  ];
  for (const [line, message] of table) assertEquals(link(line), message);
});

pure("parseLinkLine() reads an ANSWER with its fix", () => {
  const message = link(` ANSWER  a.1 0\t${AT} `);
  assert(message.kind === "answer" && message.fix !== undefined);
  assertEquals([message.id, message.unanswered], ["a.1", 0]);
  assertEquals(lineText(message.fix), AT);
});

pure("parseLinkLine() knows every kind of line, and no other", () => {
  for (const kind of [...LINE_KINDS, "HAVES", "constructor"]) {
    const message = parseLinkLine(lineWithin(kind), "Alford");
    const isUnknown = message.kind === "bad" &&
      message.why === "unknown-command";
    assertEquals(isUnknown, !LINE_KINDS.some((it) => it === kind), kind);
  }
});

pure("parseLinkLine() names what is wrong", () => {
  const bad = (...parts: string[]) => {
    const fields = AT.split(" ");
    for (let i = 0; i < parts.length; i += 2) {
      fields[Number(parts[i])] = parts[i + 1]!;
    }
    return `${fields.join(" ")} Alford`;
  };
  const table: [BadLine, string[]][] = [
    ["unknown-command", [
      IAMAT,
      "WHATSAT kiwi 10 5",
      "at",
      "SYNCS 1 2",
      "\0",
      "constructor 1",
      "hasOwnProperty 1",
      "__proto__ 1",
    ]],
    ["field-count", [
      "AT",
      AT,
      `${AT} Alford x`,
      "SYNC 1",
      "SYNC 1 0123456789abcdef x",
      "SUMS",
      `SUMS 1 2 ${SUMS}`,
      "DIFF",
      `DIFF 1 2 ${BITS}`,
      "CHECK 1",
      "HAVE",
      "HAVE 1 2",
      "WANT",
      "PING",
      "PING 1 2",
      "PONG",
      "IHAVE",
      "GRAFT 1 2",
      "PRUNE",
      "PRUNE Alford Bolden",
      "QUERY a.1 50",
      "QUERY a.1 50 kiwi fig",
      "ANSWER a.1",
    ]],
    ["bad-sender", [`${AT} Bolden`, `${AT} alford`, `${AT} Alfor`]],
    ["bad-spacing", [
      `${AT.replace("AT ", "AT  ")} Alford`,
      `${AT.replaceAll(" ", "\t")} Alford`,
      `${AT.replace(" kiwi", "\rkiwi")} Alford`,
      `${AT.replace(" 1621", " \v1621")} Alford`,
    ]],
    ["bad-difference", [
      bad("2", "0.263873386"),
      bad("2", "+0.26"),
      bad("2", "+1e-9"),
      bad("2", "+"),
    ]],
    ["bad-position", BAD_POSITIONS.map((position) => bad("4", position))],
    ["bad-time", BAD_TIMES.map((time) => bad("5", time))],
    ["bad-number", [
      "SYNC -1 0123456789abcdef",
      "SYNC 9007199254740993 0123456789abcdef",
      "SYNC 1.0 0123456789abcdef",
      `SUMS x ${SUMS}`,
      `SUMS 256 ${SUMS}`,
      `DIFF -1 ${BITS}`,
      "HAVE x",
      "HAVE 65537",
      "HAVE 1e3",
      "WANT 0x5",
      "WANT -1",
      "PING +1",
      "PONG \xb2",
      "IHAVE 65537",
      "GRAFT -1",
      "QUERY a.1 -50 kiwi",
      "QUERY a.1 1.5 kiwi",
      "ANSWER a.1 -1",
      `ANSWER a.1 x ${AT}`,
    ]],
    ["bad-answer", [
      "ANSWER a.1 0 kiwi",
      `ANSWER a.1 0 ${AT} Alford`,
      `ANSWER a.1 0 ${AT.replace(" kiwi", "  kiwi")}`,
      `ANSWER a.1 0 ${bad("5", "1e5").slice(0, -" Alford".length)}`,
    ]],
    ["bad-hex", [
      `SUMS ${BITS}`,
      `SUMS ${SUMS}0`,
      `SUMS 1 ${SUMS.replace("0", "A")}`,
      `DIFF ${SUMS}`,
      `DIFF 1 ${BITS.replace("0", "g")}`,
    ]],
    ["bad-tie", [
      "SYNC 1 0123456789ABCDEF",
      "SYNC 1 0123456789abcde",
      "SYNC 1 0123456789abcdef0",
      "SYNC 1 0123456789abcdeg",
    ]],
  ];
  for (const [why, lines] of table) {
    for (const line of lines) {
      assertEquals(link(line), { kind: "bad", why }, JSON.stringify(line));
    }
  }
});

pure("parseAtLine() reads an AT line without a sender", () => {
  const fix = parseAtLine(AT);
  assert(fix !== undefined);
  assertEquals(lineText(fix), AT);
  for (
    const line of [
      "",
      IAMAT,
      `${AT} Alford`,
      `${AT}\n`,
      AT.slice(3),
      AT.toLowerCase(),
      AT.replace(" ", "  "),
    ]
  ) {
    assertEquals(parseAtLine(line), undefined, line);
  }
});

pure("parseWanted() reads a line of a WANT list", () => {
  assertEquals(parseWanted(lineWithin("kiwi")), "kiwi");
  for (const text of ["", "a b"]) {
    const bad = { kind: "bad", why: "field-count" } as const;
    assertEquals(parseWanted(lineWithin(text)), bad);
  }
});

pure("parseInstant() reads a time by itself", () => {
  assertEquals(parseInstant("-1.5"), { seconds: -2, nanos: 500_000_000 });
  for (const text of ["", "1 ", ...BAD_TIMES]) {
    assertEquals(parseInstant(text), undefined, JSON.stringify(text));
  }
});

pure("questionReply() repeats the line", () => {
  assertEquals(questionReply(" IAMAT \t\xff"), "?  IAMAT \t\xff\n");
});

pure("parsers take any bytes, and tell the same in any surroundings", () => {
  const bytes = fc.uint8Array({ maxLength: 60 })
    .map((bytes) => String.fromCharCode(...bytes));
  const words = fc.array(
    fc.oneof(
      fc.constantFrom(
        ...`${AT} Alford IAMAT WHATSAT SYNC HAVE SUMS DIFF PING 5`.split(" "),
      ),
      fc.constantFrom("0123456789abcdef", BITS, SUMS, "__proto__", ""),
      bytes,
    ),
    { maxLength: 9 },
  ).map((words) => words.join(" "));
  fc.assert(
    fc.property(fc.oneof(bytes, words), (line) => {
      const alone = (parse: (line: Line) => unknown) =>
        assertEquals(parse(lineWithin(line)), parse(Line.of(line)));
      alone(parseClientLine);
      alone((line) => {
        const message = parseLinkLine(line, "Alford");
        return message.kind === "at" ? lineText(message.fix) : message;
      });
      alone(parseWanted);
      parseAtLine(line);
    }),
    { numRuns: 1_000 },
  );
});

pure("parseLinkLine() reads what an IAMAT has become", () => {
  const number = fc.constantFrom("0", "45", "89.99", "0.50", "090");
  const sign = fc.constantFrom("+", "-");
  const id = fc.uint8Array({ minLength: 1, maxLength: 12 })
    .map((bytes) => String.fromCharCode(...bytes))
    .filter((id) => !/[ \t-\r]/.test(id));
  fc.assert(
    fc.property(
      fc.tuple(id, sign, number, sign, number),
      ([id, north, latitude, east, longitude]) => {
        const rest = `${id} ${north}${latitude}${east}${longitude} -1.5`;
        const heard = client(`IAMAT ${rest}`);
        assert(heard.kind === "iamat");
        const passed = link(`AT Bolden +0.000000001 ${rest} Alford`);
        assert(passed.kind === "at");
        const { seconds, nanos } = passed.fix;
        assertEquals(heardOf(heard), { client: id, rest, seconds, nanos });
        assertEquals(clientText(passed.fix), id);
        assertEquals(lineText(passed.fix), `AT Bolden +0.000000001 ${rest}`);
      },
    ),
  );
});
