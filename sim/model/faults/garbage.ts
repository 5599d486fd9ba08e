/**
 * What a hostile client sends: invalid lines of many kinds, none of which a
 * server may accept.
 *
 * @module
 */
import { type ByteString, byteString } from "../../../herd/core/bytes/bytes.ts";
import { DEFAULT_LIMITS } from "../../../herd/core/limits.ts";
import type { Via } from "../../../herd/core/wire/via.ts";
import { RATE_PER_SECOND_MAX } from "../duration.ts";
import type { Range } from "../numbers.ts";
import type { Random } from "../random.ts";

/** Connections that send garbage at the same time, by default. */
export const GARBAGE_CLIENTS = 10;

/** Ranges of the numbers of such a flood. */
export const GARBAGE_RANGES = {
  ratePerSecond: { min: Number.MIN_VALUE, max: RATE_PER_SECOND_MAX },
  clients: { min: 1, max: 5_000, isWhole: true },
} satisfies Record<string, Range>;

/** Bytes to send, and the expected reply. */
export interface Garbage {
  /** The bytes to send, including a line feed if there is one. */
  readonly bytes: ByteString;
  /** The reply, without its line feed; absent if none is due. */
  readonly reply?: ByteString;
  /** "replied": close the connection after the reply; "sent": at once. */
  readonly ends?: "replied" | "sent";
}

/** One in so many pieces of garbage is a line that is too long. */
const OVERLONG_EVERY = 100;
/** Bytes of an overlong line that the reply repeats. */
const OVERLONG_REPLY_BYTES = 256;
const BINARY_BYTES_MAX = 200;

/** Lines that look like the protocol's, with an invalid field or word. */
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
 * The next piece of garbage: an invalid line, random bytes, a blank line, a
 * stranger's handshake, half a line, or an overlong one.
 */
export function garbage(random: Random, via: Via = "tcp"): Garbage {
  if (random.below(OVERLONG_EVERY) === 0) {
    // No datagram is that long.
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

/**
 * Random bytes other than line ends; the first one occurs in no word of the
 * protocol.
 */
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
