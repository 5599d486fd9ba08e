/**
 * The network of this machine. That no connection is left open, the sanitizer of
 * each test sees.
 *
 * @module
 */
import { assert, assertRejects } from "@std/assert";
import { denoNetwork } from "../../../herd/net/deno_network.ts";
import {
  type TcpListener,
  TransportFailed,
} from "../../../herd/net/platform.ts";
import { certificate, LOCALHOST } from "./ways/support.ts";

/** How often a connection is made while it is given up. */
const TIMES = 300;

/** Takes connections, and closes them. */
async function closeAll(listener: TcpListener): Promise<void> {
  for (;;) {
    try {
      (await listener.accept()).close();
    } catch {
      return;
    }
  }
}

/** Leaves others no turn for a moment. */
function spin(ms: number): void {
  const endMs = performance.now() + ms;
  while (performance.now() < endMs);
}

Deno.test("denoNetwork.connect() leaves nothing behind when it is given up as it succeeds", async () => {
  const listener = denoNetwork.listen({ hostname: LOCALHOST, port: 0 });
  const closing = closeAll(listener);
  let given = 0;
  for (let left = TIMES; left > 0; left--) {
    const aborter = new AbortController();
    const timer = setTimeout(() => aborter.abort(), 1);
    const connecting = denoNetwork.connect(listener.addr, aborter.signal);
    // By its end both the connection and the timer are due, or nearly.
    spin(2 * left / TIMES);
    try {
      (await connecting).close();
    } catch (error) {
      assert(error === aborter.signal.reason, `${error}`);
      given++;
    }
    clearTimeout(timer);
  }
  assert(given > 0, "it was never given up");
  listener.close();
  await closing;
});

Deno.test("denoNetwork.connectTls() is given up while the other side says nothing", async () => {
  const { cert } = await certificate();
  const listener = denoNetwork.listen({ hostname: LOCALHOST, port: 0 });
  const aborter = new AbortController();
  const connecting = denoNetwork.connectTls!(
    listener.addr,
    { ca: [cert] },
    aborter.signal,
  );
  const silent = await listener.accept();
  aborter.abort(new Error("too late"));
  await assertRejects(() => connecting);
  silent.close();
  listener.close();
});

Deno.test("denoNetwork.connectTls() fails by TLS for an authority that can't be read", async () => {
  const listener = denoNetwork.listen({ hostname: LOCALHOST, port: 0 });
  const closing = closeAll(listener);
  const pem = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
  const dial = () => denoNetwork.connectTls!(listener.addr, { ca: [pem] });
  await assertRejects(dial, TransportFailed, "invalid peer certificate");
  listener.close();
  await closing;
});
