import { delay } from "@std/async";
import { denoPlatform } from "../../../../herd/net/deno_platform.ts";
import { assert, assertEquals, assertThrows } from "@std/assert";
import { readable, utf8 } from "../../../../herd/core/bytes/bytes.ts";
import {
  type LookupSettings,
  PlacesLookup,
  type PlacesQuery,
} from "../../../../herd/net/places/lookup.ts";
import { NO_PLACES } from "../../../../herd/net/places/no_places.ts";
import { failedPlacesText } from "../../../../herd/net/places/places.ts";

const KEY = "s3cret+key";
const UCLA: PlacesQuery = {
  position: "+34.068930-118.445127",
  radiusKm: "10",
  items: 5,
};
const TWO = '{"results": [{"name": "a"}, {"name": "b"}], "status": "OK"}';
const UNKNOWN = '{"results": [], "status": "UNKNOWN_ERROR"}';

/** An error as Google's newer services tell it. */
const DENIED = {
  code: 403,
  message: "Enable the API first.",
  status: "PERMISSION_DENIED",
};

/** Short waits, and long ones where a test must not meet them. */
const BRISK: Partial<LookupSettings> = {
  tryMsMax: 60_000,
  totalMsMax: 60_000,
  backoffMs: 1,
};

/** An HTTP server of one test; what it was asked is kept. */
function serve(
  handler: (request: Request, nth: number) => Promise<Response> | Response,
) {
  const asked: string[] = [];
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    (request) => handler(request, asked.push(request.url)),
  );
  return {
    asked,
    base: `http://127.0.0.1:${server.addr.port}`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** A server that speaks no HTTP: it reads a request, writes, hangs up. */
function serveRaw(answer: string) {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const counts = { connections: 0 };
  const done = (async () => {
    for await (const connection of listener) {
      counts.connections++;
      await connection.read(new Uint8Array(4_096));
      await connection.write(new TextEncoder().encode(answer));
      connection.close();
    }
  })();
  return {
    counts,
    base: `http://127.0.0.1:${listener.addr.port}`,
    async [Symbol.asyncDispose]() {
      listener.close();
      await done;
    },
  };
}

function lookupAt(base: string, settings: Partial<LookupSettings> = {}) {
  const lookup = new PlacesLookup(denoPlatform, { base, key: KEY }, {
    ...BRISK,
    ...settings,
  });
  return {
    /** Asks, as a client who has no others behind it by default. */
    find: (query: PlacesQuery, owner: unknown = {}) =>
      lookup.find(query, owner),
    close: () => lookup.close(),
    [Symbol.dispose]: () => lookup.close(),
  };
}

/** Asserts that a body says, in Google's form and without the key, what failed. */
function assertFailed(body: string, why: string) {
  assert(!body.includes("\n\n") && !body.endsWith("\n"));
  assert(!body.includes("s3cret"), body);
  assertEquals(JSON.parse(readable(body)), {
    error_message: `The places service ${why}.`,
    html_attributions: [],
    results: [],
    status: "UNKNOWN_ERROR",
  });
}

Deno.test("PlacesLookup.find() asks as Google is asked, with the client's digits", async () => {
  await using server = serve(() => new Response(TWO));
  using lookup = lookupAt(server.base + "/");
  assertEquals(await lookup.find(UCLA), TWO);
  await lookup.find({ position: "-0-00.50", radiusKm: "1.2345", items: 0 });
  await lookup.find({
    position: "+27.5916+086.5640",
    radiusKm: "0.5",
    items: 0,
  });
  const path = `${server.base}/maps/api/place/nearbysearch/json`;
  assertEquals(server.asked, [
    `${path}?location=34.068930,-118.445127&radius=10000&key=s3cret%2Bkey`,
    `${path}?location=-0,-00.50&radius=1234.5&key=s3cret%2Bkey`,
    `${path}?location=27.5916,086.5640&radius=500&key=s3cret%2Bkey`,
  ]);
});

Deno.test("PlacesLookup.find() passes Google's own error bodies as they came", async () => {
  const denied = '{\n   "results" : [],\n   "status" : "REQUEST_DENIED"\n}';
  await using server = serve((_, nth) =>
    new Response(`${denied}\n`, { status: nth === 1 ? 200 : 403 })
  );
  using lookup = lookupAt(server.base);
  assertEquals(await lookup.find(UCLA), denied);
  assertEquals(await lookup.find(UCLA), denied);
  assertEquals(server.asked.length, 2);
});

Deno.test("PlacesLookup.find() passes UTF-8 byte for byte", async () => {
  const text = '{"results": [{"name": "Zoë ☃"}]}';
  await using server = serve(() => new Response(text));
  using lookup = lookupAt(server.base);
  assertEquals(await lookup.find(UCLA), utf8(text));
});

Deno.test("PlacesLookup.find() tries again after HTTP 500 and UNKNOWN_ERROR", async () => {
  await using server = serve((_, nth) =>
    nth === 1
      ? new Response("oops", { status: 500 })
      : new Response(nth === 2 ? UNKNOWN : TWO)
  );
  using lookup = lookupAt(server.base);
  assertEquals(await lookup.find(UCLA), TWO);
  assertEquals(server.asked.length, 3);
});

Deno.test("PlacesLookup.find() gives up after two retries", async () => {
  await using server = serve(() => new Response(TWO, { status: 503 }));
  using lookup = lookupAt(server.base);
  assertFailed(await lookup.find(UCLA), "answered HTTP 503");
  assertEquals(server.asked.length, 3);
});

Deno.test("PlacesLookup.find() passes the last UNKNOWN_ERROR of the service", async () => {
  await using server = serve(() => new Response(UNKNOWN));
  using lookup = lookupAt(server.base);
  assertEquals(await lookup.find(UCLA), UNKNOWN);
  assertEquals(server.asked.length, 3);
});

Deno.test("PlacesLookup.find() tells of a refused connection", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  listener.close();
  using lookup = lookupAt(`http://127.0.0.1:${listener.addr.port}`);
  assertFailed(await lookup.find(UCLA), "refused the connection");
});

Deno.test("PlacesLookup.find() passes on what a service says to an error of its own", async () => {
  await using server = serve(() =>
    Response.json({ error: { message: "Down for today" } }, { status: 503 })
  );
  using lookup = lookupAt(server.base);
  assertFailed(
    await lookup.find(UCLA),
    "answered HTTP 503: Down for today",
  );
  assertEquals(server.asked.length, 3);
});

Deno.test("PlacesLookup.find() hides the key in whatever form a service quotes it", async () => {
  const asUrl = "/maps/api?location=1&key=s3cret%2Bkey";
  const bodies = [
    JSON.stringify({ status: "REQUEST_DENIED", error_message: asUrl }),
    JSON.stringify({ status: "OK", results: [{ name: KEY }] }),
    JSON.stringify({ status: "OK", again: encodeURIComponent(asUrl) }),
    String.raw`{"status": "OK", "google": "key\u003ds3cret\u002bkey"}`,
    String.raw`{"status": "OK", "google": "\u0073\u0033cret%2bkey"}`,
    String.raw`{"status": "OK", "s3cret+key": "\\s3cret+key"}`,
  ];
  for (const text of bodies) {
    await using server = serve(() => new Response(text));
    using lookup = lookupAt(server.base);
    const body = await lookup.find(UCLA);
    const told = decodeURIComponent(JSON.stringify(JSON.parse(body)));
    assert(!/s3cret|2bkey/i.test(told), told);
    assert(told.includes("***"), told);
  }
  const failing = { error: { message: `No such page: ${asUrl}` } };
  await using server = serve(() => Response.json(failing, { status: 404 }));
  using lookup = lookupAt(server.base);
  assertFailed(
    await lookup.find(UCLA),
    "answered HTTP 404: No such page: /maps/api?location=1&key=***",
  );
});

Deno.test("PlacesLookup.find() hides nothing where there is no key", async () => {
  const text = '{"results": [{"name": "none"}], "status": "OK"}';
  await using server = serve(() => new Response(text));
  const lookup = new PlacesLookup(denoPlatform, { base: server.base });
  assertEquals(await lookup.find(UCLA, {}), text);
  lookup.close();
  assert(server.asked[0]!.endsWith("&key=none"));
});

Deno.test("PlacesLookup.find() drops a byte order mark", async () => {
  await using server = serve(() => new Response("\ufeff" + TWO));
  using lookup = lookupAt(server.base);
  assertEquals(await lookup.find(UCLA), TWO);
});

Deno.test("PlacesLookup.find() takes those who wait from their connections in turn", async () => {
  const held = Promise.withResolvers<void>();
  const full = Promise.withResolvers<void>();
  await using server = serve(async (_, nth) => {
    if (nth === 1) {
      full.resolve();
      await held.promise;
    }
    return new Response(TWO);
  });
  using lookup = lookupAt(server.base, { concurrentMax: 1 });
  const ask = (radiusKm: number, owner: string) =>
    lookup.find({ ...UCLA, radiusKm: String(radiusKm) }, owner);
  const first = ask(0, "greedy");
  await full.promise;
  const greedy = Array.from({ length: 20 }, (_, at) => ask(at + 1, "greedy"));
  // The last of the greedy one's is asked for by another too: it is his turn
  // that counts, though the lookup is shared.
  const others = [ask(40, "modest"), ask(41, "modest"), ask(20, "sharing")];
  held.resolve();
  await Promise.all([first, ...greedy, ...others]);
  const radii = server.asked.map((url) =>
    Number(new URL(url).searchParams.get("radius")) / 1_000
  );
  assertEquals(radii.slice(0, 6), [0, 1, 40, 20, 2, 41]);
  assertEquals(radii.length, 23, "A shared lookup was asked twice");
});

Deno.test("PlacesLookup.find() lets others have their turn while it reads and cuts 4 MB", async () => {
  const row = { name: "Café ☃", types: ["a", "b"], at: { lat: 1.5, lng: 2 } };
  const results = Array.from({ length: 25 }, (_, at) => ({
    ...row,
    near: Array(at === 0 ? 30_000 : 1_000).fill(row),
  }));
  const text = JSON.stringify({ results, status: "OK" });
  assert(text.length > 3_000_000 && text.length < 4_000_000, `${text.length}`);
  await using server = serve(() => new Response(text));
  using lookup = lookupAt(server.base);
  let turns = 0;
  let isFound = false;
  const others = (async () => {
    for (; !isFound; turns++) await delay(0);
  })();
  const body = await lookup.find({ ...UCLA, items: 20 }).finally(() =>
    isFound = true
  );
  await others;
  assertEquals(JSON.parse(readable(body)).results, results.slice(0, 20));
  // In one go there would be a handful; what is read in slices gives hundreds.
  assert(turns > 25, `${turns} turns`);
});

Deno.test("PlacesLookup.find() tries again after a dropped connection", async () => {
  for (const answer of ["", "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{"]) {
    await using server = serveRaw(answer);
    using lookup = lookupAt(server.base);
    assertFailed(await lookup.find(UCLA), "dropped the connection");
    assertEquals(server.counts.connections, 3);
  }
});

Deno.test("PlacesLookup.find() does not try again what will not pass", async () => {
  const table: [() => Response, string][] = [
    [() => new Response("<html>"), "answered something that is not JSON"],
    [() => new Response("[1]"), "answered JSON that is no object"],
    [() => new Response("{}", { status: 404 }), "answered HTTP 404"],
    [
      () => Response.json({ error: DENIED }, { status: 403 }),
      "answered HTTP 403: Enable the API first",
    ],
    [
      () => Response.json({ error: DENIED }),
      "answered an error: Enable the API first",
    ],
    [
      () => Response.json({ error: "bad request" }, { status: 400 }),
      "answered HTTP 400: bad request",
    ],
    [() => Response.redirect("http://127.0.0.1:9/"), "answered HTTP 302"],
    [() => new Response(" ".repeat(121)), "answered more than 120 bytes"],
  ];
  for (const [answer, why] of table) {
    await using server = serve(answer);
    using lookup = lookupAt(server.base, { bodyBytesMax: 120 });
    assertFailed(await lookup.find(UCLA), why);
    assertEquals(server.asked.length, 1, why);
  }
  await using server = serveRaw("rubbish\r\n\r\n");
  using lookup = lookupAt(server.base);
  assertFailed(await lookup.find(UCLA), "spoke no HTTP");
  assertEquals(server.counts.connections, 1);
});

Deno.test("PlacesLookup.find() stops reading a body without end", async () => {
  const cancelled = Promise.withResolvers<void>();
  const chunk = new Uint8Array(65_536).fill(32);
  await using server = serve(() =>
    new Response(
      new ReadableStream({
        pull: (controller) => controller.enqueue(chunk),
        cancel: () => cancelled.resolve(),
      }),
    )
  );
  using lookup = lookupAt(server.base, { bodyBytesMax: 1_000_000 });
  assertFailed(await lookup.find(UCLA), "answered more than 1000000 bytes");
  await cancelled.promise;
});

Deno.test("PlacesLookup.find() ends a try that stalls before or in its body", async () => {
  const opened = new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode("{")),
  });
  for (const answer of [undefined, new Response(opened)]) {
    const stall = Promise.withResolvers<Response>();
    await using server = serve(() => answer ?? stall.promise);
    using lookup = lookupAt(server.base, { tryMsMax: 50 });
    const body = await lookup.find(UCLA);
    stall.resolve(new Response());
    assertFailed(body, "did not answer within 50 ms");
    assert(server.asked.length <= 1);
  }
});

Deno.test("PlacesLookup.find() ends in time, waiting included", async () => {
  const stall = Promise.withResolvers<Response>();
  await using server = serve(() => stall.promise);
  using lookup = lookupAt(server.base, { totalMsMax: 30, concurrentMax: 1 });
  const bodies = await Promise.all([
    lookup.find(UCLA),
    lookup.find({ ...UCLA, radiusKm: "11" }),
  ]);
  stall.resolve(new Response());
  for (const body of bodies) assertFailed(body, "gave nothing within 30 ms");
});

Deno.test("PlacesLookup.find() ends in time, backing off included", async () => {
  await using broken = serve(() => new Response(null, { status: 500 }));
  using patient = lookupAt(broken.base, {
    totalMsMax: 1_000,
    backoffMs: 9_999,
  });
  assertFailed(
    await patient.find(UCLA),
    "gave nothing within 1000 ms; before that, it answered HTTP 500",
  );
});

Deno.test("PlacesLookup.find() shares a request under way and cuts for each caller", async () => {
  const answer = Promise.withResolvers<Response>();
  await using server = serve((_, nth) =>
    nth === 1 ? answer.promise : new Response(TWO)
  );
  using lookup = lookupAt(server.base);
  const whole = lookup.find(UCLA);
  const one = lookup.find({ ...UCLA, items: 1 });
  answer.resolve(new Response(TWO));
  assertEquals(await whole, TWO);
  assertEquals(JSON.parse(await one).results, [{ name: "a" }]);
  assertEquals(server.asked.length, 1);
  await lookup.find(UCLA);
  assertEquals(server.asked.length, 2, "An answer was kept");
});

Deno.test("PlacesLookup.find() asks no more than its limit at a time", async () => {
  const full = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  let running = 0;
  let most = 0;
  await using server = serve(async () => {
    most = Math.max(most, ++running);
    if (running === 3) full.resolve();
    await gate.promise;
    running--;
    return new Response(TWO);
  });
  using lookup = lookupAt(server.base, { concurrentMax: 3, waitingMax: 5 });
  const found = Array.from(
    { length: 10 },
    (_, radius) => lookup.find({ ...UCLA, radiusKm: String(radius) }),
  );
  await full.promise;
  for (const refused of found.slice(8)) {
    assertFailed(await refused, "has too many lookups waiting");
  }
  gate.resolve();
  for (const body of await Promise.all(found.slice(0, 8))) {
    assertEquals(body, TWO);
  }
  assertEquals([server.asked.length, most], [8, 3]);
});

Deno.test("PlacesLookup.close() settles what is under way and what waits", async () => {
  const asked = Promise.withResolvers<void>();
  const stall = Promise.withResolvers<Response>();
  await using server = serve(() => {
    asked.resolve();
    return stall.promise;
  });
  const lookup = lookupAt(server.base, { concurrentMax: 1 });
  const running = lookup.find(UCLA);
  const waiting = lookup.find({ ...UCLA, radiusKm: "1" });
  await asked.promise;
  lookup.close();
  lookup.close();
  assertFailed(await running, "was closed");
  assertFailed(await waiting, "was closed");
  assertFailed(await lookup.find(UCLA), "was closed");
  stall.resolve(new Response());
});

Deno.test("NO_PLACES says that no service is set", () => {
  assertFailed(NO_PLACES, "is not set: there is none to ask");
  const failed = "The places service is not set: there is none to ask.";
  assertEquals(NO_PLACES, failedPlacesText(failed));
});

Deno.test("new PlacesLookup() throws at a base that is no HTTP address", () => {
  for (
    const base of ["", "localhost:80", "ftp://a", "http://a/b", "http://a?"]
  ) {
    assertThrows(
      () => new PlacesLookup(denoPlatform, { base, key: KEY }),
      TypeError,
      "Cannot look places up at",
      base,
    );
  }
});
