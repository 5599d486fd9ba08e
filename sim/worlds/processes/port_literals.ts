/**
 * Numbers of ports and names of hosts in the text of a program, and what stands
 * there instead in a copy that is to use others.
 *
 * @module
 */
import type { ByteString } from "../../../herd/core/bytes/bytes.ts";

/**
 * A number that stands by itself, be it quoted or behind a colon: no part of a
 * longer one, of a name, of hexadecimal digits or of a fraction.
 */
const NUMBER = /(?<!\w|(?<!\.)\.)[1-9](?:_?\d)*(?!\w|\.\d)/g;

/** A host, and the ports of loopback that stand for it. */
export interface StandIn {
  /** For plain HTTP. */
  readonly http: number;
  /** For TLS, where that can be spoken. */
  readonly https?: number;
}

/** The ports that a text names. */
export function portsIn(text: ByteString): Set<number> {
  return new Set(Array.from(text.matchAll(NUMBER), ([digits]) => of(digits)));
}

/**
 * A text with other ports, by the old ones.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const ports = new Map([[8000, 9100]]);
 * assertEquals(withPorts("bind 8000, not 18000", ports), "bind 9100, not 18000");
 * ```
 */
export function withPorts(
  text: ByteString,
  ports: ReadonlyMap<number, number>,
): ByteString {
  return text.replaceAll(
    NUMBER,
    (digits) => String(ports.get(of(digits)) ?? digits),
  );
}

/** A text in which loopback stands for hosts. */
export function withHosts(
  text: ByteString,
  hosts: ReadonlyMap<string, StandIn>,
): ByteString {
  for (const [host, { http, https }] of hosts) {
    const name = host.replaceAll(".", "\\.");
    const named = new RegExp(
      `(https?://)?(?<![\\w.-])${name}(?::(?:80|443)(?!\\d))?(?![\\w-])`,
      "g",
    );
    text = text.replaceAll(named, (_, scheme?: string) => {
      const isPlain = scheme === "http://" || https === undefined;
      if (isPlain) return `${scheme ? "http://" : ""}localhost:${http}`;
      return `${scheme ?? ""}localhost:${https}`;
    });
  }
  return text;
}

function of(digits: string): number {
  return Number(digits.replaceAll("_", ""));
}
