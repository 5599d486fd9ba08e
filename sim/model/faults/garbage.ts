/**
 * What a hostile client sends: lines of many kinds, of which a server must take
 * none.
 *
 * @module
 */
import { type ByteString, byteString } from "../../../herd/core/bytes/bytes.ts";
import { DEFAULT_LIMITS } from "../../../herd/core/limits.ts";
import type { Via } from "../../../herd/core/wire/via.ts";
import { RATE_PER_SECOND_MAX } from "../duration.ts";
import type { Range } from "../numbers.ts";
import type { Random } from "../random.ts";

/** Connections at a time that send it, by default. */
export const GARBAGE_CLIENTS = 10;

/** From what to what the numbers of such a flood may be. */
export const GARBAGE_RANGES = {
  ratePerSecond: { min: Number.MIN_VALUE, max: RATE_PER_SECOND_MAX },
  clients: { min: 1, max: 5_000, isWhole: true },
} satisfies Record<string, Range>;

/** Bytes to send, and what must come back. */
export interface Garbage {
  /** What goes out, its line feed with it, if it has one. */
  readonly bytes: ByteString;
  /** The reply, without its line feed; none where none is due. */
  readonly reply?: ByteString;
  /** "replied": the connection is of no use after the reply; "sent": at once. */
  readonly ends?: "replied" | "sent";
}

/** Of so many pieces of garbage, one is a line that is longer than allowed. */
const OVERLONG_EVERY = 100;
/** So much of a line that is too long comes back. */
const OVERLONG_REPLY_BYTES = 256;
const BINARY_BYTES_MAX = 200;

/** Lines that look like the protocol's, and are wrong: in a field, or here. */
const WRONG: readonly ByteString[] = [
  "HELLO",
  "GET / HTTP/1.1",
  "iamat kiwi +0-0 1",
  "IAMAT",
  "IAMAT kiwi +34.07-118.44",
  "IAMAT kiwi 34.07-118.44 99999999999",
  "IAMAT kiwi +91-0 99999999999",
  "IAMAT kiwi +0-181 99999999999",
  "IAMAT kiwi +0-0 1e11",
  "IAMAT kiwi +0-0 +99999999999",
  "IAMAT kiwi +0-0 99999999999 more",
  "WHATSAT kiwi",
  "WHATSAT kiwi 51 5",
  "WHATSAT kiwi 10 21",
  "WHATSAT kiwi -1 5",
  "WHATSAT nobody-of-that-name 10 5",
  "AT Alford +0.1 kiwi +1+1 99999999999 Parker",
  "SYNC 1 1",
  "HAVE 1000000",
  "WANT 1000000",
  "PING 1",
  "PROOF 00",
];

/** Beginnings of lines that never end. */
const HALVES: readonly ByteString[] = [
  "IAMAT kiwi +34.0",
  "WHATS",
  "AT Al",
  "\0",
];

/**
 * The next piece of garbage: a line that is wrong, bytes by chance, a blank
 * line, a handshake of a stranger, half a line, or one that is too long.
 */
export function garbage(random: Random, via: Via = "tcp"): Garbage {
  if (random.below(OVERLONG_EVERY) === 0) {
    // No datagram is so long.
    return via === "udp" ? line(binary(random)) : overlong(random);
  }
  switch (random.below(8)) {
    case 0:
      return line(binary(random));
    case 1:
      return { bytes: " \t\v\f\r\n" };
    case 2:
      return { bytes: random.pick(HALVES), ends: "sent" };
    case 3: {
      const nonce = "0".repeat(32);
      const bytes = `PEER 1 Mallory Mallory ${nonce}`;
      return { ...line(bytes), ends: "replied" };
    }
    default:
      return line(random.pick(WRONG));
  }
}

function line(text: ByteString): Garbage {
  return { bytes: `${text}\n`, reply: `? ${text}` };
}

/** Any bytes but the ends of lines; the first is in no word of the protocol. */
function binary(random: Random): ByteString {
  const bytes = Uint8Array.from(
    { length: 1 + random.below(BINARY_BYTES_MAX) },
    () => 0x0e + random.below(0x100 - 0x0e),
  );
  return `\xff${byteString(bytes)}`;
}

function overlong(random: Random): Garbage {
  const { lineBytesMax } = DEFAULT_LIMITS;
  const bytes = random.pick(["x", "IAMAT ", "\xff"])
    .repeat(lineBytesMax + 1 + random.below(lineBytesMax));
  const text = bytes.slice(0, OVERLONG_REPLY_BYTES);
  return { bytes, reply: `? ${text}`, ends: "replied" };
}
