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

/** What a certificate is for. */
export interface CertificateUse {
  /** Whom it is of. */
  readonly subject: string;
  /**
   * Whether it may vouch for others too. Python wants that of one that vouches
   * for itself, and Deno takes none as a server's that may.
   */
  readonly isAuthority: boolean;
}

/**
 * Makes a certificate by `openssl`, in a folder; `undefined` where there is no
 * `openssl`.
 *
 * @param hosts Names and IPv4 addresses.
 * @throws {Error} If it can't make one.
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
        // Python 3.13 trusts no certificate that does not say what it is for.
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
