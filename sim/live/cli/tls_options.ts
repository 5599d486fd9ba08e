/**
 * The options by which a program proves who it is by TLS, and knows others.
 *
 * @module
 */
import type { TlsIdentity, TlsTrust } from "../../../herd/net/platform.ts";
import { optionText } from "./option_file.ts";
import { UsageError } from "./usage_error.ts";

/** What of them was given. */
export interface TlsTold {
  readonly "tls-cert"?: string | undefined;
  readonly "tls-key"?: string | undefined;
  readonly "tls-ca"?: string | undefined;
}

/**
 * Who a program is, if it is told, and whom it trusts.
 *
 * @throws {UsageError} If a part of it is missing, or a file is none.
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
 * Whom a program trusts, if it is told.
 *
 * @throws {UsageError} If the file is none.
 */
export function trustOf(ca: string | undefined): TlsTrust {
  return ca === undefined ? {} : { ca: [pem("tls-ca", ca, "CERTIFICATE")] };
}

function pem(option: string, file: string, holds: string): string {
  const text = optionText(option, file);
  if (text.includes(`${holds}-----`)) return text;
  throw new UsageError(`--${option}: ${file} holds no PEM ${holds}`);
}
