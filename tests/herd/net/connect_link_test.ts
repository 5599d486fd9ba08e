import { assert, assertEquals, assertRejects } from "@std/assert";
import { DEFAULT_LIMITS } from "../../../herd/core/limits.ts";
import { connectLink } from "../../../herd/net/connect_link.ts";
import { SILENT_LOG } from "../../../herd/net/log.ts";
import {
  type Network,
  type Platform,
  TransportFailed,
} from "../../../herd/net/platform.ts";
import { ManualClock } from "./manual_clock.ts";

const PEER = { name: "Bolden", hostname: "127.0.0.1", port: 1 };
const LATE_MS = DEFAULT_LIMITS.handshakeMsMax;

/** A dial on a network, for so long; what became of it. */
async function dial(
  connect: (signal: AbortSignal) => Promise<never>,
  forMs: number,
  stopping = new AbortController().signal,
) {
  const clock = new ManualClock();
  const network: Partial<Network> = {
    connect: (_, signal) => connect(signal!),
  };
  const platform = { clock, network } as Pick<Platform, "clock" | "network">;
  const options = {
    platform: platform as Platform,
    limits: DEFAULT_LIMITS,
    log: SILENT_LOG,
  };
  const dialling = connectLink(PEER, options, stopping);
  clock.tick(forMs);
  return await dialling;
}

/** A host that drops packets: nobody answers, not even by a refusal. */
function dropped(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const end = () => reject(signal.reason);
    if (signal.aborted) end();
    else signal.addEventListener("abort", end, { once: true });
  });
}

Deno.test({
  name:
    "connectLink() tells of a host that does not answer, not of one that refuses",
  permissions: "none",
  async fn() {
    const late = await dial(dropped, LATE_MS);
    assert(late instanceof TransportFailed);
    assertEquals(late.message, `no connection within ${LATE_MS} ms`);
    const refusal = new Deno.errors.ConnectionRefused("refused");
    assertEquals(await dial(() => Promise.reject(refusal), 1), undefined);
    const stopped = AbortSignal.abort(new Error("it stops"));
    assertEquals(await dial(dropped, 1, stopped), undefined);
  },
});

Deno.test("connectLink() tells why a host can't be dialled", async () => {
  const codes = [
    new Error("Name or service not known"),
    Object.assign(new Error("No route to host"), { code: "EHOSTUNREACH" }),
    Object.assign(new TypeError("Invalid argument"), { code: "EINVAL" }),
  ];
  for (const error of codes) {
    const failed = await dial(() => Promise.reject(error), 1);
    assert(failed instanceof TransportFailed);
    assertEquals(failed.message, error.message);
  }
  const misuse = dial(() => Promise.reject(new TypeError("no port")), 1);
  await assertRejects(() => misuse, TypeError, "no port");
});
