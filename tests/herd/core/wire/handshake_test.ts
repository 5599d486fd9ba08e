import { assertEquals, assertNotEquals } from "@std/assert";
import fc from "fast-check";
import {
  chalLine,
  keyInfo,
  parseChal,
  parsePeer,
  parseProof,
  peerLine,
  proofLine,
  signedText,
} from "../../../../herd/core/wire/handshake.ts";
import { pure } from "../pure.ts";

const NONCE = "0123456789abcdef0123456789abcdef";
const MAC = NONCE + NONCE;

pure("parsePeer() reads what peerLine() writes", () => {
  for (const from of ["Alford", "\xc3\xa0", "s0", "a\xa0b"]) {
    const introduction = { from, to: "Bolden", nonce: NONCE };
    const line = peerLine(introduction);
    assertEquals(line, `PEER 1 ${from} Bolden ${NONCE}\n`);
    assertEquals(parsePeer(line.slice(0, -1)), introduction);
  }
});

pure("parsePeer() refuses anything else", () => {
  const good = `PEER 1 Alford Bolden ${NONCE}`;
  for (
    const line of [
      "",
      "PEER",
      good.replace("1", "2"),
      good.replace("PEER", "peer"),
      good.slice(0, -1),
      good + "0",
      good + " ",
      good + "\n",
      " " + good,
      good.toUpperCase(),
      good.replace("Alford ", ""),
      good.replace("Alford", "Alford\t"),
      good.replace("Alford", "A B"),
    ]
  ) assertEquals(parsePeer(line), undefined, JSON.stringify(line));
});

pure("parseChal() reads what chalLine() writes, and nothing else", () => {
  assertEquals(chalLine(NONCE), `CHAL 1 ${NONCE}\n`);
  assertEquals(parseChal(`CHAL 1 ${NONCE}`), NONCE);
  for (
    const line of ["", "CHAL 1", `CHAL 2 ${NONCE}`, `CHAL 1 ${MAC}`, `? CHAL 1`]
  ) assertEquals(parseChal(line), undefined, line);
});

pure("parseProof() reads what proofLine() writes, of that side alone", () => {
  for (const word of ["PROOF", "PEEROK"] as const) {
    const other = word === "PROOF" ? "PEEROK" : "PROOF";
    assertEquals(proofLine(word, MAC), `${word} ${MAC}\n`);
    assertEquals(parseProof(word, `${word} ${MAC}`), MAC);
    assertEquals(parseProof(other, `${word} ${MAC}`), undefined);
    assertEquals(parseProof(word, `${word} ${NONCE}`), undefined);
    assertEquals(parseProof(word, `${word} ${MAC.toUpperCase()}`), undefined);
  }
});

pure("keyInfo() is the same at both ends", () => {
  assertEquals(keyInfo("Bolden", "Alford"), "Alford|Bolden");
  assertEquals(keyInfo("Alford", "Bolden"), "Alford|Bolden");
});

pure("signedText() differs by role, direction and nonce", () => {
  const exchange = { from: "Alford", to: "Bolden", nonceA: "aa", nonceB: "bb" };
  const text = signedText("init", exchange);
  assertEquals(text, "herd1|init|Alford|Bolden|aa|bb");
  assertNotEquals(text, signedText("resp", exchange));
  const mirrored = { from: "Bolden", to: "Alford", nonceA: "bb", nonceB: "aa" };
  assertNotEquals(text, signedText("init", mirrored));
});

pure("handshake parsers take any bytes", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 120 }), (bytes) => {
    const line = String.fromCharCode(...bytes);
    assertEquals(parsePeer(line), undefined);
    assertEquals(parseChal(line), undefined);
    assertEquals(parseProof("PROOF", line), undefined);
  }));
});
