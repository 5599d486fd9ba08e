/**
 * A certificate for hosts that this machine stands in for, made at need and
 * trusted by nobody who is not told to.
 *
 * @module
 */
import type { TlsOptions } from "./service.ts";

const DAYS = "30";

/** A certificate, and the file that programs are told to trust. */
export interface Certificate extends TlsOptions {
  readonly file: string;
}

/**
 * Makes a certificate by `openssl`, in a folder; `undefined` where there is no
 * `openssl`.
 *
 * @throws {Error} If it can't make one.
 */
export async function makeCertificate(
  hosts: readonly string[],
  folder: string,
): Promise<Certificate | undefined> {
  const [file, keyFile] = [`${folder}/places.pem`, `${folder}/places.key`];
  const names = hosts.map((host) => `DNS:${host}`).join(",");
  try {
    const { success, stderr } = await new Deno.Command("openssl", {
      args: [
        ..."req -x509 -nodes -newkey ec -pkeyopt ec_paramgen_curve:prime256v1"
          .split(" "),
        ...["-days", DAYS, "-subj", "/CN=places of a herd"],
        ...["-addext", `subjectAltName=${names}`],
        // Python 3.13 trusts no certificate that does not say what it is for.
        ...["-addext", "keyUsage=critical,digitalSignature,keyCertSign"],
        ...["-keyout", keyFile, "-out", file],
      ],
      stdin: "null",
    }).output();
    if (!success) {
      const why = new TextDecoder().decode(stderr).trim();
      throw new Error(`Cannot make a certificate: openssl says: ${why}`);
    }
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  return {
    file,
    cert: await Deno.readTextFile(file),
    key: await Deno.readTextFile(keyFile),
  };
}
