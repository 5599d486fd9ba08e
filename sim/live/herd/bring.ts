/**
 * Servers that users bring, with everything that a herd of them needs:
 * processes, a places service in place of Google's, and a proxy on each link.
 *
 * @module
 */
import type { Platform } from "../../../herd/net/platform.ts";
import {
  type BroughtOptions,
  BroughtWorld,
} from "../../worlds/processes/brought.ts";
import { chooseIsolation } from "../../worlds/processes/isolation.ts";
import { openTempFolder } from "../../worlds/processes/temp_folder.ts";
import { makeCertificate } from "../places/certificate.ts";
import { type EmbeddedPlaces, startPlaces } from "../places/places.ts";
import type { Places } from "../places/source.ts";

/** Google's hosts for the old and the new places API. */
const GOOGLE = ["maps.googleapis.com", "places.googleapis.com"];
const [HTTP, HTTPS] = [80, 443];

/** Servers that were brought; dispose of it after its herds. */
export interface Brought extends AsyncDisposable {
  /** The options to start a herd with. */
  readonly options: { readonly world: BroughtWorld; readonly places: Places };
  /** What isolates its servers from the machine's network, in words. */
  readonly isolation: string;
}

/** How the substitute for Google is run. */
export interface GoogleOptions {
  /**
   * Whether towns are only read at the first request, which then takes longer;
   * true by default, for many servers never ask, and a class of them is graded
   * at once.
   */
  readonly waits?: boolean;
}

/** What is brought, and how; see {@linkcode BroughtOptions}. */
export type BringOptions =
  & Omit<BroughtOptions, "hosts" | "env" | "platform">
  & {
    /** A substitute for Google that exists already. */
    readonly google?: Google;
  }
  & GoogleOptions;

/**
 * Brings servers: a command that starts one, and the folder that it runs in, of
 * which a copy is made.
 *
 * @example A herd of them
 * ```ts ignore
 * import { Herd } from "../../../mod.ts";
 * import { bring } from "./bring.ts";
 * import { denoPlatform } from "../../../herd/net/deno_platform.ts";
 *
 * const command = ["python3", "server.py", "{name}"];
 * await using brought = await bring(denoPlatform, { command, folder: "submission" });
 * await using herd = await Herd.start("2021", brought.options);
 * ```
 * @throws {RangeError} If the folder is too large to be one of servers, or it can't
 * be as its manifest or the options want it.
 * @throws {Error} If no places service can be started.
 */
export async function bring(
  platform: Platform,
  options: BringOptions,
): Promise<Brought> {
  const { google: given, waits = true, ...brought } = options;
  await using stack = new AsyncDisposableStack();
  const { isolation, text } = await chooseIsolation(
    options.command,
    options.isolation ?? options.manifest?.isolate,
  );
  const google = given ?? stack.use(await Google.open(platform, { waits }));
  const world = stack.use(
    await BroughtWorld.open({
      platform,
      ...brought,
      isolation,
      ...google.surroundings,
    }),
  );
  const kept = stack.move();
  return {
    options: { world, places: google.places },
    isolation: text,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

/** A places service in place of Google's. */
export class Google implements AsyncDisposable {
  /** The service, in the form that herds take. It outlives them. */
  readonly places: Places;
  /** Makes servers find the service, and trust it. */
  readonly surroundings: Pick<BroughtOptions, "hosts" | "env">;
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
