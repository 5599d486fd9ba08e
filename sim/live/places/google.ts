/**
 * What stands in Google's place for servers that users bring.
 *
 * @module
 */
import type { Platform } from "../../../herd/net/platform.ts";
import type { ProgramsOptions } from "../../worlds/processes/programs.ts";
import { openTempFolder } from "../../worlds/processes/temp_folder.ts";
import { makeCertificate } from "./certificate.ts";
import { type EmbeddedPlaces, startPlaces } from "./places.ts";
import type { Places } from "./source.ts";

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
export class Google implements AsyncDisposable {
  /** The service, in the form that herds take. It outlives them. */
  readonly places: Places;
  /** Makes servers find the service, and trust it. */
  readonly surroundings: Pick<ProgramsOptions, "hosts" | "env">;
  readonly #stack: AsyncDisposableStack;

  private constructor(
    places: EmbeddedPlaces,
    certificate: string | undefined,
    stack: AsyncDisposableStack,
  ) {
    const { base, key, misbehave, tlsPort } = places;
    this.#stack = stack;
    this.places = { options: { base, key }, misbehave, stop: async () => {} };
    const ports = {
      [HTTP]: Number(new URL(base).port),
      ...tlsPort !== undefined && { [HTTPS]: tlsPort },
    };
    this.surroundings = {
      hosts: Object.fromEntries(GOOGLE.map((host) => [host, ports])),
      ...certificate !== undefined && { env: trusting(certificate) },
    };
  }

  /**
   * Starts one, with a certificate if `openssl` is installed.
   *
   * @throws {Error} If it can't be started.
   */
  static async open(
    platform: Platform,
    { waits = true }: GoogleOptions = {},
  ): Promise<Google> {
    await using stack = new AsyncDisposableStack();
    const files = stack.use(await openTempFolder());
    const tls = await makeCertificate([...GOOGLE, "localhost"], files.path, {
      subject: "places of a herd",
      isAuthority: true,
    });
    const places = await startPlaces({
      clock: platform.clock,
      isOpen: true,
      waits,
      ...tls && { tls: { cert: tls.cert, key: tls.key } },
    });
    stack.defer(() => places.stop());
    return new Google(places, tls?.file, stack.move());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }
}

/** Makes OpenSSL, Python's requests and Node trust a certificate. */
function trusting(file: string): Record<string, string> {
  return {
    SSL_CERT_FILE: file,
    REQUESTS_CA_BUNDLE: file,
    NODE_EXTRA_CA_CERTS: file,
  };
}
