/**
 * Frames, their checksum, and what comes back of them.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { crc32 as zlibCrc32 } from "node:zlib";
import fc from "fast-check";
import { ByteWriter } from "../../../../herd/core/bytes/writer.ts";
import { crc32 } from "../../../../herd/core/bytes/crc32.ts";
import { Journal } from "../../../../herd/core/journal/journal.ts";
import { Store } from "../../../../herd/core/store/store.ts";
import { whole } from "../../../../herd/net/slices.ts";
import { parseAtLine } from "../../../../herd/core/wire/message.ts";
import { pure } from "../pure.ts";

/** A store that has heard of some clients, and its journal. */
function told(clients: number, seconds = 1) {
  const store = new Store(1);
  const journal = new Journal(store);
  tell(store, journal, clients, seconds);
  return { store, journal };
}

function tell(
  store: Store,
  journal: Journal,
  clients: number,
  seconds: number,
) {
  for (let nth = 0; nth < clients; nth++) {
    const line = `AT Ash +0.500000000 c${nth} +34.07-118.44 ${seconds}`;
    const client = store.merge(parseAtLine(line)!);
    if (client >= 0) journal.add(client);
  }
}

/** The bytes of frames of at most so many bytes each. */
function written(journal: Journal, bytesMax: number): Uint8Array<ArrayBuffer> {
  const out = new ByteWriter();
  while (journal.size > 0) journal.pull(out, bytesMax);
  return out.bytes.slice();
}

/** What an empty store makes of a file. */
function replayed(file: Uint8Array<ArrayBuffer>) {
  return replayedIn(file, file.length);
}

/** The same, of pieces of so many bytes; of more, where no frame ends in one. */
function replayedIn(file: Uint8Array<ArrayBuffer>, bytes: number) {
  const store = new Store(2);
  const replay = new Journal(store).replay();
  for (let [at, count] = [0, bytes]; at < file.length;) {
    const piece = file.slice(at, at + count);
    const read = whole(replay.read(piece, at + count >= file.length));
    at += read;
    count = read > 0 ? bytes : 2 * count;
  }
  const { lines, tornBytes, brokenBytes, endBytes } = replay;
  return { lines, tornBytes, brokenBytes, endBytes, digest: store.digest() };
}

pure("crc32() is that of zlib", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 70 }), (bytes) => {
    assertEquals(crc32(bytes, 0, bytes.length), zlibCrc32(bytes));
    const from = Math.min(3, bytes.length);
    assertEquals(
      crc32(bytes, from, bytes.length),
      zlibCrc32(bytes.slice(from)),
    );
  }));
});

pure("Journal.replay() brings all back, in any order, and twice", () => {
  const { store, journal } = told(50);
  const first = written(journal, 200);
  tell(store, journal, 20, 2);
  const second = written(journal, 1e6);
  const { digest } = replayed(new Uint8Array([...first, ...second]));
  assertEquals(digest, store.digest());
  const mixed = replayed(new Uint8Array([...second, ...first, ...second]));
  assertEquals(mixed.digest, store.digest());
  assertEquals([mixed.tornBytes, mixed.brokenBytes], [0, 0]);
});

pure("Journal.pull() writes a client once, however often it has told", () => {
  const { store, journal } = told(3);
  for (let seconds = 2; seconds < 9; seconds++) {
    tell(store, journal, 3, seconds);
  }
  assertEquals(replayed(written(journal, 1e6)).lines, 3);
});

pure("Journal.pullAll() writes all that is held, a frame at a time", () => {
  const { store } = told(50);
  const out = new ByteWriter();
  let from: number | undefined = 0;
  let frames = 0;
  for (; from !== undefined; frames++) {
    from = new Journal(store).pullAll(from, out, 300);
  }
  assert(frames > 5);
  assertEquals(replayed(out.bytes).digest, store.digest());
});

pure("Journal.replay() takes a frame for torn wherever it was cut", () => {
  const { journal } = told(3);
  const file = written(journal, 1e6);
  const { length: end } = file;
  for (let length = 1; length < end; length++) {
    const cut = file.slice(0, length);
    const { lines, tornBytes, brokenBytes, endBytes } = replayed(cut);
    assertEquals([lines, endBytes, brokenBytes], [0, length, 0]);
    // Zeros of a head that was cut after them look like room.
    assertEquals(tornBytes, cut.findLastIndex((byte) => byte !== 0) + 1);
  }
  assertEquals(replayed(file).lines, 3);
});

pure(
  "Journal.replay() takes zeros at the end for room, not for a frame",
  () => {
    const { journal } = told(3);
    const file = written(journal, 1e6);
    for (const zeros of [1, 12, 5_000]) {
      const room = [...new Uint8Array(zeros)];
      const whole = replayed(new Uint8Array([...file, ...room]));
      assertEquals([whole.lines, whole.tornBytes, whole.endBytes], [
        3,
        0,
        zeros,
      ]);
      // The next one was torn in its first line, and the room begins there.
      const next = [...file.subarray(0, 20), ...room];
      const torn = replayed(new Uint8Array([...file, ...next]));
      assertEquals([torn.lines, torn.tornBytes, torn.brokenBytes], [3, 20, 0]);
      assertEquals(torn.endBytes, 20 + zeros);
    }
  },
);

pure(
  "Journal.replay() passes over a frame with any bit turned, and no other",
  () => {
    const frames = [told(2), told(3, 2), told(4, 3)]
      .map(({ journal }) => written(journal, 1e6));
    const [first, second, third] = frames.map(({ length }) => length);
    const file = new Uint8Array(frames.flatMap((frame) => [...frame]));
    for (let bit = 0; bit < second! * 8; bit += 11) {
      const turned = file.slice();
      turned[first! + (bit >> 3)]! ^= 1 << (bit & 7);
      const { lines, tornBytes, brokenBytes } = replayed(turned);
      assertEquals(
        [lines, tornBytes, brokenBytes],
        [6, 0, second],
        `bit ${bit}`,
      );
    }
    assert(third! > 0);
  },
);

pure("Journal.replay() reads any bytes without an error", () => {
  const { journal } = told(2);
  const frame = [...written(journal, 1e6)];
  const part = fc.oneof(
    fc.uint8Array({ maxLength: 30 }).map((bytes) => [...bytes]),
    fc.constant(frame),
    fc.constant([0xaa, 0x48, 0x4a, 0x01]),
  );
  fc.assert(fc.property(fc.array(part, { maxLength: 5 }), (parts) => {
    const file = new Uint8Array(parts.flat());
    const found = replayed(file);
    const frames = parts.filter((it) => it === frame).length;
    assertEquals(found.lines, frames * 2);
    const other = file.length - frames * frame.length;
    assertEquals(found.endBytes + found.brokenBytes, other);
    const end = file.subarray(file.length - found.endBytes);
    const torn = end.findLastIndex((byte) => byte !== 0) + 1;
    assertEquals(found.tornBytes, torn);
    for (let bytes = 1; bytes < file.length; bytes += 7) {
      assertEquals(replayedIn(file, bytes), found, `${bytes} bytes a piece`);
    }
  }));
});

pure("Replay.read() waits for no frame that is longer than any", () => {
  const { journal } = told(2);
  const frame = written(journal, 1e6);
  // A head that tells of 16 MiB: what follows is read, and not waited for.
  const file = new Uint8Array([0xaa, 0x48, 0x4a, 1, 0, 0, 0, 1, ...frame]);
  const store = new Store(2);
  const replay = new Journal(store).replay();
  assertEquals(whole(replay.read(file, false)), file.length);
  assertEquals([replay.lines, replay.brokenBytes, replay.tornBytes], [2, 8, 0]);
});
