/**
 * What stands in Google's place for servers that users bring.
 *
 * @module
 */
import type { Platform } from "../../../herd/net/platform.ts";
import type { ProgramsOptions } from "../../worlds/processes/programs.ts";
import { openTempFolder } from "../../worlds/processes/temp_folder.ts";
import { makeCertificate } from "./certificate.ts";
import { type Places, startPlaces } from "./places.ts";

/** Google's hosts for the old and the new places API. */
const GOOGLE = ["maps.googleapis.com", "places.googleapis.com"];
const [HTTP, HTTPS] = [80, 443];

/** How the substitute for Google is run. */
export interface GoogleOptions {
  /**
   * Whether towns are only read at the first request, which then takes longer;
   * true by default, for many servers never ask, and a class of them is graded
   * at once.
   */
  readonly waits?: boolean;
}

/** A places service in place of Google's. */
export interface Google extends AsyncDisposable {
  /** The service, in the form that herds take. It outlives them. */
  readonly places: Places;
  /** Makes servers find the service, and trust it. */
  readonly surroundings: Pick<ProgramsOptions, "hosts" | "env">;
}

/**
 * Starts one, with a certificate if `openssl` is installed.
 *
 * @throws {Error} If it can't be started.
 */
export async function openGoogle(
  platform: Platform,
  { waits = true }: GoogleOptions = {},
): Promise<Google> {
  await using stack = new AsyncDisposableStack();
  const files = stack.use(await openTempFolder());
  const tls = await makeCertificate([...GOOGLE, "localhost"], files.path, {
    subject: "places of a herd",
    isAuthority: true,
  });
  const { base, key, misbehave, tlsPort } = stack.use(
    await startPlaces({
      clock: platform.clock,
      isOpen: true,
      waits,
      ...tls && { tls: { cert: tls.cert, key: tls.key } },
    }),
  );
  const ports = {
    [HTTP]: Number(new URL(base).port),
    ...tlsPort !== undefined && { [HTTPS]: tlsPort },
  };
  const kept = stack.move();
  return {
    places: { options: { base, key }, misbehave, stop: async () => {} },
    surroundings: {
      hosts: Object.fromEntries(GOOGLE.map((host) => [host, ports])),
      // OpenSSL, Python's requests and Node trust it then.
      ...tls && {
        env: {
          SSL_CERT_FILE: tls.file,
          REQUESTS_CA_BUNDLE: tls.file,
          NODE_EXTRA_CA_CERTS: tls.file,
        },
      },
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}
