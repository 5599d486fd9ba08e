import { assertEquals } from "@std/assert";
import { refusalOf } from "../../../../sim/live/web/guard.ts";

const PORT = 4567;
const TOKEN = "0a".repeat(32);
const HOST = { host: `127.0.0.1:${PORT}` };
const RIGHT = {
  ...HOST,
  "content-type": "application/json",
  authorization: `Bearer ${TOKEN}`,
};

Deno.test({
  name: "refusalOf() lets in only what comes by its own name and site",
  permissions: "none",
  fn() {
    const origin = `http://127.0.0.1:${PORT}`;
    const rows: [path: string, headers: Record<string, string>, number?][] = [
      ["/api/herd", HOST],
      ["/api/herd", { host: `localhost:${PORT}` }],
      ["/api/herd", { ...HOST, origin }],
      ["/api/herd", { ...HOST, "sec-fetch-site": "same-origin" }],
      ["/api/herd", { ...HOST, "sec-fetch-site": "none" }],
      ["/", {
        ...HOST,
        "sec-fetch-site": "cross-site",
        "sec-fetch-mode": "navigate",
      }],
      ["/api/herd", {}, 403],
      ["/api/herd", { host: "127.0.0.1" }, 403],
      ["/api/herd", { host: "127.0.0.1:4568" }, 403],
      ["/api/herd", { host: `evil.example:${PORT}` }, 403],
      ["/api/herd", { ...HOST, origin: "https://evil.example" }, 403],
      ["/api/herd", { ...HOST, origin: "null" }, 403],
      ["/api/herd", { ...HOST, origin: `https://127.0.0.1:${PORT}` }, 403],
      ["/api/herd", { ...HOST, "sec-fetch-site": "cross-site" }, 403],
      ["/api/herd", { ...HOST, "sec-fetch-site": "same-site" }, 403],
      ["/api/runs", {
        ...HOST,
        "sec-fetch-site": "cross-site",
        "sec-fetch-mode": "navigate",
      }, 403],
    ];
    for (const [path, headers, status] of rows) {
      const refusal = refusalOf({ method: "GET", path, headers }, PORT, TOKEN);
      assertEquals(refusal?.status, status, JSON.stringify([path, headers]));
    }
  },
});

Deno.test({
  name: "refusalOf() lets change anything only JSON that has the token",
  permissions: "none",
  fn() {
    const rows: [headers: Record<string, string>, number?][] = [
      [RIGHT],
      [{ ...RIGHT, "content-type": "Application/JSON; charset=utf-8" }],
      [{ ...RIGHT, authorization: `bearer  ${TOKEN}` }],
      [{ ...RIGHT, "content-type": "text/plain" }, 415],
      [{ ...RIGHT, "content-type": "application/json-seq" }, 415],
      [{ ...HOST, authorization: `Bearer ${TOKEN}` }, 415],
      [{ ...RIGHT, authorization: TOKEN }, 401],
      [{ ...RIGHT, authorization: `Bearer ${TOKEN}0` }, 401],
      [{ ...RIGHT, authorization: `Bearer ${TOKEN.slice(1)}` }, 401],
      [{ ...RIGHT, authorization: "Bearer " }, 401],
      [{ ...RIGHT, authorization: "" }, 401],
      [{ ...RIGHT, cookie: `token=${TOKEN}`, authorization: "x" }, 401],
      [{ ...RIGHT, origin: "http://evil.example" }, 403],
    ];
    for (const [headers, status] of rows) {
      for (const method of ["POST", "DELETE", "PUT", "OPTIONS"]) {
        const knock = { method, path: "/api/commands", headers };
        const refusal = refusalOf(knock, PORT, TOKEN);
        assertEquals(refusal?.status, status, JSON.stringify(headers));
      }
    }
  },
});
