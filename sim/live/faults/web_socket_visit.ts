/**
 * What hostile clients send to a port for WebSockets: greetings that open none,
 * and frames that are odd or break the rules.
 *
 * @module
 */
import { type ByteString, byteString } from "../../../herd/core/bytes/bytes.ts";
import { FrameWriter, OPCODE } from "../../../herd/net/ways/ws_frames.ts";
import { bytesFrom, type Visit } from "../../model/faults/visit.ts";
import type { Random } from "../../model/random.ts";

/** The key of RFC 6455, section 1.3, and what answers it. */
const KEY = "dGhlIHNhbXBsZSBub25jZQ==";
const OPENED = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n" +
  "Connection: Upgrade\r\n" +
  "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

const FIELDS: Readonly<Record<string, string>> = {
  Host: "127.0.0.1",
  Upgrade: "websocket",
  Connection: "keep-alive, Upgrade",
  "Sec-WebSocket-Version": "13",
  "Sec-WebSocket-Key": KEY,
};

function greeting(
  others: Readonly<Record<string, string>> = {},
  first = "GET / HTTP/1.1",
): ByteString {
  const fields = Object.entries({ ...FIELDS, ...others });
  const lines = fields.map(([name, value]) => `${name}: ${value}\r\n`);
  return `${first}\r\n${lines.join("")}\r\n`;
}

/** Greetings that open no WebSocket, with the beginnings of their answers. */
const REFUSED: readonly [greeting: ByteString, answer: ByteString][] = [
  [greeting({}, "POST / HTTP/1.1"), "HTTP/1.1 400 "],
  [greeting({ Upgrade: "h2c" }), "HTTP/1.1 426 "],
  [greeting({ "Sec-WebSocket-Version": "8" }), "HTTP/1.1 426 "],
  [greeting({ "Sec-WebSocket-Key": "short" }), "HTTP/1.1 400 "],
  [greeting({ Origin: "https://evil.example" }), "HTTP/1.1 403 "],
  [greeting({ Origin: "null" }), "HTTP/1.1 403 "],
];

/** The close frame of who breaks the rules (1002), and of who leaves (1000). */
const BROKEN = "\x88\x02\x03\xea";
const LEFT = "\x88\x02\x03\xe8";

/** Frames of a client, and those that answer them. */
type Frames = [sent: (mask: Uint8Array) => ByteString, answer: ByteString];

/** Masked frames, each with its opcode, and whether it is a message's last. */
function masked(
  ...frames: [opcode: number, payload: string, isLast?: boolean][]
): (mask: Uint8Array) => ByteString {
  return (mask) => {
    const writer = new FrameWriter();
    for (const [opcode, text, isLast = true] of frames) {
      const payload = Uint8Array.from(text, (char) => char.charCodeAt(0));
      writer.add(opcode, isLast, payload, mask);
    }
    return byteString(writer.take());
  };
}

const { text, continuation, binary, close, ping, pong } = OPCODE;
const LONG = "x".repeat(300);

const FRAMES: readonly Frames[] = [
  [masked([ping, "are you there"]), "\x8a\x0dare you there"],
  [masked([pong, "unasked"], [text, "HELLO"]), "\x81\x08? HELLO\n"],
  // A message in parts, between which there may be control frames.
  [
    masked(
      [text, "HEL", false],
      [ping, "!"],
      [continuation, "LO"],
      [text, "", false],
      [continuation, "WHAT\n"],
    ),
    "\x8a\x01!\x81\x08? HELLO\n\x81\x07? WHAT\n",
  ],
  [masked([text, ""], [text, "HELLO\n"]), "\x81\x08? HELLO\n"],
  [masked([binary, "\xff\xfe"]), "\x82\x05? \xff\xfe\n"],
  [masked([binary, LONG]), `\x81\x7e\x01\x2f? ${LONG}\n`],
  [masked([close, "\x03\xe8"]), LEFT],
  [masked([continuation, "HELLO"]), BROKEN],
  [masked([text, "HEL", false], [text, "LO"]), BROKEN],
  [masked([3, "HELLO"]), BROKEN],
  [masked([ping, "in parts", false]), BROKEN],
  // A reserved bit is set; there is no mask; a length beyond all numbers.
  [() => "\xc1\x85\0\0\0\0HELLO", BROKEN],
  [() => "\x81\x05HELLO", BROKEN],
  [() => "\x81\xff\xff\xff\xff\xff\xff\xff\xff\xff\0\0\0\0", BROKEN],
];

/** Who greets wrongly by WebSocket, or sends odd frames. */
export function webSocketVisit(random: Random): Visit {
  const mask = bytesFrom(random, 4);
  const at = random.below(REFUSED.length + FRAMES.length);
  const refused = REFUSED[at];
  if (refused) return { bytes: refused[0], answers: [refused[1]] };
  const [sent, answer] = FRAMES[at - REFUSED.length]!;
  const bytes = greeting({ Origin: "http://127.0.0.1" }) + sent(mask);
  return { bytes, answers: [OPENED + answer] };
}
