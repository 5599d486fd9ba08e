/**
 * The subject of a client's fix: `fix.<origin>.<token>`.
 *
 * @module
 */
import { bytesOf, type ByteString } from "../../core/bytes/bytes.ts";
import type { Platform } from "../platform.ts";

/** Matches all subjects. */
export const SUBJECTS = "fix.*.*";

/** Longer IDs are hashed: a subject of thousands of bytes ends a connection. */
const TOKEN_BYTES_MAX = 64;
const PLAIN = /^[A-Za-z0-9_-]+$/;
const KEY = bytesOf("fix");

/**
 * The subject for the fixes of one client that one server received.
 *
 * @param origin The server's name.
 * @param client The client's ID.
 */
export async function subjectOf(
  platform: Pick<Platform, "hmac">,
  origin: ByteString,
  client: ByteString,
): Promise<string> {
  // A name may contain characters with a meaning in subjects: dots, stars.
  const first = PLAIN.test(origin) ? origin : `=${base64url(bytesOf(origin))}`;
  return `fix.${first}.${await tokenOf(platform, client)}`;
}

/**
 * No unpadded base64 text is as long as `h` and 64 digits: they can't collide.
 */
async function tokenOf(
  platform: Pick<Platform, "hmac">,
  client: ByteString,
): Promise<string> {
  const bytes = bytesOf(client);
  if (bytes.length <= TOKEN_BYTES_MAX) return base64url(bytes);
  return `h${(await platform.hmac(KEY, bytes)).toHex()}`;
}

function base64url(bytes: Uint8Array): string {
  return bytes.toBase64({ alphabet: "base64url", omitPadding: true });
}
