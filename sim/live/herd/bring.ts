/**
 * Servers that somebody brings, with all that a herd of them needs: processes, a
 * places service in Google's stead, and a proxy on each link.
 *
 * @module
 */
import type { Platform } from "../../../herd/net/platform.ts";
import {
  type BroughtOptions,
  BroughtWorld,
} from "../../worlds/processes/brought.ts";
import { makeCertificate } from "../places/certificate.ts";
import { startPlaces } from "../places/places.ts";
import type { Places } from "../places/source.ts";

/** Google's hosts that such servers ask, by the old search and the new one. */
const GOOGLE = ["maps.googleapis.com", "places.googleapis.com"];
const [HTTP, HTTPS] = [80, 443];

/** What was brought; to be disposed of after its herds. */
export interface Brought extends AsyncDisposable {
  /** With which a herd is started. */
  readonly options: { readonly world: BroughtWorld; readonly places: Places };
}

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
 * @throws {RangeError} If the folder is too large to be one of servers.
 * @throws {Error} If no places service can be started.
 */
export async function bring(
  platform: Platform,
  { command, folder, limits, onDial }: Omit<
    BroughtOptions,
    "hosts" | "env" | "platform"
  >,
): Promise<Brought> {
  await using stack = new AsyncDisposableStack();
  const files = await Deno.makeTempDir({ prefix: "herd-" });
  stack.defer(() => Deno.remove(files, { recursive: true }));
  const tls = await makeCertificate(GOOGLE, files);
  const places = await startPlaces({
    clock: platform.clock,
    isOpen: true,
    ...tls && { tls: { cert: tls.cert, key: tls.key } },
  });
  stack.defer(() => places.stop());
  const { port } = new URL(places.base);
  const ports = {
    [HTTP]: Number(port),
    ...places.tlsPort !== undefined && { [HTTPS]: places.tlsPort },
  };
  const world = stack.use(
    await BroughtWorld.open({
      platform,
      command,
      folder,
      ...limits && { limits },
      ...onDial && { onDial },
      hosts: Object.fromEntries(GOOGLE.map((host) => [host, ports])),
      ...tls && { env: trusting(tls.file) },
    }),
  );
  const kept = stack.move();
  const { base, key, misbehave } = places;
  return {
    options: {
      world,
      // It outlives a herd, for the next one.
      places: { options: { base, key }, misbehave, stop: async () => {} },
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

/** By which a certificate is trusted: by OpenSSL, Python's requests, and Node. */
function trusting(file: string): Record<string, string> {
  return {
    SSL_CERT_FILE: file,
    REQUESTS_CA_BUNDLE: file,
    NODE_EXTRA_CA_CERTS: file,
  };
}
