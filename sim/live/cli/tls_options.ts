/**
 * The options for TLS: a program's own identity, and whom it trusts.
 *
 * @module
 */
import type { TlsIdentity, TlsTrust } from "../../../herd/net/platform.ts";
import { optionText } from "./option_file.ts";
import { UsageError } from "./usage_error.ts";

/** The options as given. */
type TlsTold = Partial<
  Record<"tls-cert" | "tls-key" | "tls-ca", string | undefined>
>;

/**
 * The identity and trust that the options give, if any.
 *
 * @throws {UsageError} If a part is missing, or a file is invalid.
 */
export function tlsOf(options: TlsTold): TlsIdentity & TlsTrust | undefined {
  const { "tls-cert": cert, "tls-key": key, "tls-ca": ca } = options;
  if (cert === undefined && key === undefined && ca === undefined) {
    return undefined;
  }
  if (cert === undefined || key === undefined) {
    throw new UsageError("TLS needs both --tls-cert and --tls-key");
  }
  return {
    cert: pem("tls-cert", cert, "CERTIFICATE"),
    key: pem("tls-key", key, "PRIVATE KEY"),
    ...trustOf(ca),
  };
}

/**
 * The certificates to trust, if the option is given.
 *
 * @throws {UsageError} If the file is invalid.
 */
export function trustOf(ca: string | undefined): TlsTrust {
  return ca === undefined ? {} : { ca: [pem("tls-ca", ca, "CERTIFICATE")] };
}

function pem(option: string, file: string, holds: string): string {
  const text = optionText(option, file);
  if (text.includes(`${holds}-----`)) return text;
  throw new UsageError(`--${option}: ${file} holds no PEM ${holds}`);
}
