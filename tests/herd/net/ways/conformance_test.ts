/**
 * All ways in lead to the same server: the same lines get the same replies, in
 * the same order, within the same limits.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { VIAS } from "../../../../herd/core/wire/via.ts";
import { BAD } from "../bad_lines.ts";
import { quick, until } from "../support.ts";
import { startWithWays } from "./support.ts";

const KIWI = "IAMAT kiwi +34.068930-118.445127 1699999999.736126614";
const KIWI_AT =
  "AT Alford +0.263873386 kiwi +34.068930-118.445127 1699999999.736126614";
const PLACES = JSON.stringify({
  html_attributions: [],
  results: [{ name: "Café Zoë" }],
  status: "OK",
});

for (const via of VIAS) {
  Deno.test(`Server refuses the same lines by ${via}`, async () => {
    await using running = await startWithWays();
    using wire = await running.open(via);
    for (const [what, lines] of Object.entries(BAD)) {
      for (const line of lines) {
        const isHttp = / HTTP\/1\.[01]$/.test(line);
        if (isHttp) continue;
        assertEquals(await wire.ask(line + "\r"), `? ${line}`, what);
      }
    }
    assertEquals(await wire.ask(KIWI), KIWI_AT);
  });

  Deno.test(`Server answers in order by ${via}, whoever waits for places`, async () => {
    const options = { hostname: "127.0.0.1", port: 0, onListen() {} };
    await using places = Deno.serve(options, () => new Response(PLACES));
    const base = `http://127.0.0.1:${places.addr.port}`;
    await using running = await startWithWays({ places: { base, key: "k" } });
    using wire = await running.open(via);
    await wire.send(`${KIWI}\n \t\r\nWHATSAT kiwi 10 5\n${KIWI}\nWHAT\n`);
    assertEquals(await wire.line(), KIWI_AT);
    assertEquals(await wire.line(), KIWI_AT);
    const body = await wire.upTo("\n\n");
    assertEquals(JSON.parse(body).status, "OK");
    assertEquals(await wire.line(), KIWI_AT);
    assertEquals(await wire.line(), "? WHAT");
  });

  Deno.test(`Server gives back any bytes by ${via}`, async () => {
    await using running = await startWithWays();
    using wire = await running.open(via);
    const client = "__proto__\xff\xfe\xa0\x85";
    const line = `IAMAT ${client} +0-0 1699999999`;
    const at = `AT Alford +1.000000000 ${client} +0-0 1699999999`;
    assertEquals(await wire.ask(line), at);
    await wire.send(`WHATSAT ${client} 1 1\n`);
    assertEquals(await wire.line(), at);
    assert((await wire.upTo("\n\n")).startsWith("{"));
  });

  Deno.test(`Server answers a thousand lines by ${via}, each in its turn`, async () => {
    await using running = await startWithWays();
    using wire = await running.open(via);
    const times = Array.from({ length: 1_000 }, (_, index) => index);
    const sent = wire.send(
      times.map((time) => `IAMAT kiwi +0-0 ${time}\n`).join(""),
    );
    for (const time of times) {
      assert((await wire.line()).endsWith(` kiwi +0-0 ${time}`));
    }
    await sent;
  });

  Deno.test(`Server counts a client by ${via} until it has gone`, async () => {
    await using running = await startWithWays({ platform: quick(10) });
    const { server } = running;
    const wire = await running.open(via);
    assertEquals(await wire.ask("WHAT"), "? WHAT");
    assertEquals(server.stats().clients, 1);
    wire.close();
    await until("the client to go", () => server.stats().clients === 0);
  });
}

for (const via of ["tls", "ws"] as const) {
  Deno.test(`Server answers the last line by ${via} though its end is half closed`, async () => {
    await using running = await startWithWays();
    using wire = await running.open(via);
    await wire.send(`WHAT\n${KIWI}`);
    await wire.closeWrite();
    assertEquals(await wire.rest(), `? WHAT\n${KIWI_AT}\n`);
  });

  Deno.test(`Server closes on a line that is too long by ${via}`, async () => {
    const limits = { lineBytesMax: 1_000 };
    await using running = await startWithWays({ limits });
    using wire = await running.open(via);
    await wire.send("x".repeat(2_000));
    assertEquals(await wire.rest(), `? ${"x".repeat(256)}\n`);
  });

  Deno.test(`Server takes no neighbour by ${via} beside its port`, async () => {
    await using running = await startWithWays();
    using wire = await running.open(via);
    const line = `PEER 1 Bolden Alford ${"0".repeat(32)}`;
    assertEquals(await wire.ask(line), `? ${line}`);
    assertEquals(await wire.ask(KIWI), KIWI_AT);
  });
}
