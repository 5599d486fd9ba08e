/**
 * Makes certificates for hosts that this machine stands in for. Only programs
 * that are told to trust them do.
 *
 * @module
 */
import type { TlsOptions } from "./service.ts";

const DAYS = "30";

/** A certificate, and its file for programs to trust. */
export interface Certificate extends TlsOptions {
  readonly file: string;
}

/** What a certificate is used for. */
export interface CertificateUse {
  /** Its common name. */
  readonly subject: string;
  /**
   * Whether it may sign other certificates. Python requires that of one that is
   * self-signed, and Deno refuses one that may as a server's.
   */
  readonly isAuthority: boolean;
}

/**
 * Makes a certificate in a folder, with `openssl`; `undefined` if that is not
 * installed.
 *
 * @param hosts Names and IPv4 addresses.
 * @throws {Error} If `openssl` fails.
 */
export async function makeCertificate(
  hosts: readonly string[],
  folder: string,
  { subject, isAuthority }: CertificateUse,
): Promise<Certificate | undefined> {
  const [file, keyFile] = [`${folder}/cert.pem`, `${folder}/key.pem`];
  const names = hosts.map((host) => `${isIp(host) ? "IP" : "DNS"}:${host}`);
  const usage = isAuthority
    ? ["keyUsage=critical,digitalSignature,keyCertSign"]
    : ["keyUsage=critical,digitalSignature", "basicConstraints=CA:FALSE"];
  try {
    const { success, stderr } = await new Deno.Command("openssl", {
      args: [
        ..."req -x509 -nodes -newkey ec -pkeyopt ec_paramgen_curve:prime256v1"
          .split(" "),
        ...["-days", DAYS, "-subj", `/CN=${subject}`],
        ...["-addext", `subjectAltName=${names.join(",")}`],
        // Python 3.13 trusts only certificates that state their use.
        ...usage.flatMap((it) => ["-addext", it]),
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

function isIp(host: string): boolean {
  return /^\d+(?:\.\d+){3}$/.test(host);
}
