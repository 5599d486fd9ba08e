/**
 * What strangers can do: other sites in a browser, programs without the token,
 * and those that send no HTTP at all.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { WatchedHerd } from "./watched_herd.ts";

/** All that comes back when this is sent, and no more. */
async function raw(watched: WatchedHerd, text: string): Promise<string> {
  const port = Number(new URL(watched.base).port);
  const conn = await Deno.connect({ hostname: "127.0.0.1", port });
  const coming = new Response(conn.readable).text().catch(() => "");
  const writer = conn.writable.getWriter();
  await writer.write(new TextEncoder().encode(text)).catch(() => {});
  const answer = await coming;
  await writer.close().catch(() => {});
  return answer;
}

interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

function request(
  { method = "POST", path = "/api/commands", headers = {}, body = KILL }: Sent,
): string {
  const length = {
    "content-length": `${new TextEncoder().encode(body).length}`,
  };
  const fields = Object.entries({ ...length, ...headers })
    .map(([name, value]) => `${name}: ${value}\r\n`).join("");
  return `${method} ${path} HTTP/1.1\r\n${fields}connection: close\r\n\r\n${body}`;
}

const KILL = JSON.stringify({ line: "kill s1" });

Deno.test("HerdPage heeds no request of another site, nor one without the token", async () => {
  await using watched = await WatchedHerd.start("line:2");
  const { host } = new URL(watched.base);
  const right = {
    host,
    "content-type": "application/json",
    authorization: `Bearer ${watched.token}`,
  };
  const { authorization: _, ...tokenless } = right;
  const port = host.split(":")[1];
  const rows: [sent: Sent, status: number][] = [
    // DNS rebinding: the name is another's, whatever it leads to.
    [{ headers: { ...right, host: `evil.example:${port}` } }, 403],
    [{ headers: { ...right, host: "evil.example" } }, 403],
    [{ headers: { ...right, host: `127.0.0.1.evil.example:${port}` } }, 403],
    [{ headers: { ...right, origin: "http://evil.example" } }, 403],
    [{ headers: { ...right, origin: "null" } }, 403],
    [{ headers: { ...right, origin: `http://${host}.evil.example` } }, 403],
    [{ headers: { ...right, "sec-fetch-site": "cross-site" } }, 403],
    [{ headers: tokenless }, 401],
    [{ headers: { ...right, authorization: "Bearer 00" } }, 401],
    [{ headers: { ...tokenless, cookie: `token=${watched.token}` } }, 401],
    [
      {
        path: `/api/commands?token=${watched.token}`,
        headers: tokenless,
      },
      401,
    ],
    // What a form can send without being asked for leave.
    [{ headers: { ...right, "content-type": "text/plain" } }, 415],
    [
      {
        headers: {
          ...right,
          "content-type": "application/x-www-form-urlencoded",
        },
      },
      415,
    ],
    [{ method: "PUT", headers: right }, 405],
    [{ headers: right, body: "{" }, 400],
    [{ headers: right, body: "x".repeat(2_000_000) }, 413],
    [{ path: "/api/servers/%ff/kill", headers: right, body: "" }, 400],
    [{ method: "GET", path: "/../../etc/passwd", headers: { host } }, 404],
    [{ method: "GET", path: "/sim/page/%2e%2e/x.ts", headers: { host } }, 404],
    [
      { method: "GET", path: "/sim/live/cli/herd_main.ts", headers: { host } },
      404,
    ],
    [{ method: "GET", path: "/lib/nothing.js", headers: { host } }, 404],
  ];
  for (const [sent, status] of rows) {
    const answer = await raw(watched, request(sent));
    const what = JSON.stringify(sent).slice(0, 300);
    assertStringIncludes(answer.slice(0, 12), `HTTP/1.1 ${status}`, what);
    const head = answer.split("\r\n\r\n")[0]!.toLowerCase();
    assert(!head.includes("access-control-"), "No other site may read it");
    assertStringIncludes(head, "default-src 'none'");
    assertStringIncludes(head, "cross-origin-resource-policy: same-origin");
  }
  const asked = request({
    method: "OPTIONS",
    headers: {
      host,
      origin: "http://evil.example",
      "access-control-request-method": "POST",
    },
    body: "",
  });
  assertStringIncludes(await raw(watched, asked), "HTTP/1.1 403");
  assertEquals(watched.herd.status().map(({ state }) => state), ["up", "up"]);
  assertStringIncludes(
    await raw(watched, request({ headers: right })),
    "HTTP/1.1 200",
  );
  assertEquals(watched.herd.status()[1]?.state, "stopped");
});

Deno.test("HerdPage outlives what is no HTTP", async () => {
  await using watched = await WatchedHerd.start("line:2");
  const rows = [
    "IAMAT kiwi +34.0-118.4 1.5\r\n\r\n",
    "GET / HTTP/1.1\r\nhost: a b\r\nconnection: close\r\n\r\n",
    `GET /${"x".repeat(200_000)} HTTP/1.1\r\n\r\n`,
    "GET //[::1 HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
    "\0\0\0\0\r\n\r\n",
  ];
  for (const text of rows) await raw(watched, text);
  assertEquals((await watched.get("/api/herd")).topology, "line:2");
});
