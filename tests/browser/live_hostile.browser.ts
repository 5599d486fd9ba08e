/**
 * What a page of somebody else can do to a herd whose page is open in the same
 * browser: nothing.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import type { Page } from "playwright-core";
import { browserTest, DEADLINE_MS, until } from "./chromium.ts";
import { LiveHerd, openLive } from "./live_herd.ts";

/** Serves an empty page on a port of its own. */
function serveEvil(): Deno.HttpServer<Deno.NetAddr> {
  return Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    () =>
      new Response("<!DOCTYPE html><title>evil</title>", {
        headers: { "content-type": "text/html" },
      }),
  );
}

/** All that a script of another page can try; each says how it came out. */
const TRIES = `async (herd) => {
  const kill = herd + "/api/servers/Powell/kill";
  const command = JSON.stringify({ line: "kill Powell" });
  const post = (type, more = {}) => ({
    method: "POST",
    body: command,
    headers: { "content-type": type, ...more },
  });
  const text = (reply) => reply.then((it) => it.text()).then(
    (got) => got === "" ? "nothing" : "read: " + got,
    () => "refused",
  );
  const came = (element, source, at = "src") =>
    new Promise((resolve) => {
      element.addEventListener("load", () => resolve("loaded"));
      element.addEventListener("error", () => resolve("refused"));
      element[at] = source;
      document.head.append(element);
    });
  const make = (name) => document.createElement(name);
  const token = { authorization: "Bearer " + "0".repeat(64) };
  const tries = {
    read: text(fetch(herd + "/api/status")),
    readUnseen: text(fetch(herd + "/api/status", { mode: "no-cors" })),
    metrics: text(fetch(herd + "/metrics")),
    page: text(fetch(herd + "/")),
    post: text(fetch(herd + "/api/commands", post("application/json"))),
    postWithToken: text(
      fetch(herd + "/api/commands", post("application/json", token)),
    ),
    postPlain: text(fetch(herd + "/api/commands", post("text/plain"))),
    postUnseen: text(
      fetch(kill, { ...post("text/plain"), mode: "no-cors" }),
    ),
    heal: text(fetch(herd + "/api/faults", { method: "DELETE" })),
    script: came(make("script"), herd + "/page.js"),
    picture: came(make("img"), herd + "/api/status"),
    sheet: came(
      Object.assign(make("link"), { rel: "stylesheet" }),
      herd + "/page.css",
      "href",
    ),
    module: import(herd + "/page.js").then(
      () => "loaded",
      () => "refused",
    ),
    events: new Promise((resolve) => {
      const source = new EventSource(herd + "/api/events");
      source.onmessage = ({ data }) => resolve("read: " + data);
      source.onerror = () => resolve("refused");
    }).then((how) => how),
    socket: new Promise((resolve) => {
      const socket = new WebSocket(herd.replace("http", "ws") + "/api/events");
      socket.onopen = () => resolve("open");
      socket.onerror = () => resolve("refused");
    }),
  };
  navigator.sendBeacon(kill, command);
  const found = {};
  for (const [name, how] of Object.entries(tries)) found[name] = await how;
  return found;
}`;

/** Posts a form of another page, to where it does not leave this one. */
const FORM = `async ({ herd, type }) => {
  const frame = document.createElement("iframe");
  frame.name = "into-" + type;
  document.body.append(frame);
  const form = document.createElement("form");
  Object.assign(form, {
    action: herd + "/api/servers/Powell/kill",
    method: "POST",
    enctype: type,
    target: frame.name,
  });
  const field = document.createElement("input");
  Object.assign(field, { name: '{"line":"kill Powell","x":"', value: '"}' });
  form.append(field);
  document.body.append(form);
  await new Promise((resolve) => {
    frame.addEventListener("load", resolve);
    form.submit();
  });
  try {
    return frame.contentDocument === null ? "hidden" : "read";
  } catch {
    return "hidden";
  }
}`;

const ENCTYPES = [
  "text/plain",
  "application/x-www-form-urlencoded",
  "multipart/form-data",
];

/** Puts the herd's page into a frame of another page. */
async function framed(page: Page, herd: string): Promise<string> {
  await page.evaluate(`new Promise((resolve) => {
    const frame = document.createElement("iframe");
    frame.addEventListener("load", resolve);
    frame.src = ${JSON.stringify(`${herd}/`)};
    document.body.append(frame);
  })`);
  return page.frames().at(-1)!.url();
}

/** Neither a frame nor a window of the herd's page gives another page a hold. */
async function assertNoHold(page: Page, origin: string): Promise<void> {
  assert(!(await framed(page, origin)).startsWith(origin), "It is framed");
  const opened = page.context().waitForEvent("page");
  await page.evaluate(
    `void (globalThis.its = open(${JSON.stringify(`${origin}/`)}))`,
  );
  const its = await opened;
  await its.waitForSelector("html[data-ready]", { state: "attached" });
  assertEquals(await its.evaluate("opener"), null, "It knows its opener");
  // Otherwise, who opened it has hold of it.
  await until(page, "globalThis.its.closed");
}

browserTest(
  "a page of another site can read nothing of a herd, and do nothing to it",
  async (browser) => {
    await using herd = await LiveHerd.start();
    await using evil = serveEvil();
    const { page: own, heard } = await openLive(browser, herd);
    const { origin, port } = new URL(herd.page);
    const sites = [
      // Another site, another port of the same one, and a name that leads here.
      `http://localhost:${evil.addr.port}/`,
      `http://127.0.0.1:${evil.addr.port}/`,
      `http://evil.example:${evil.addr.port}/`,
    ];
    for (const site of sites) {
      const context = await browser.newContext();
      const page = await context.newPage();
      page.setDefaultTimeout(DEADLINE_MS);
      await page.goto(site);
      const isFirst = site === sites[0];
      const targets = [
        origin,
        ...isFirst ? [`http://localhost:${port}`] : [],
      ];
      // Of its own name it may read what is answered: that it is refused.
      if (site.includes("evil.example")) {
        const rebound = `http://evil.example:${port}`;
        const answer = await page.goto(`${rebound}/`);
        assertEquals(answer?.status(), 403, "The page itself");
        const read = await page.evaluate(
          `fetch("/api/status").then((it) => it.status)`,
        );
        assertEquals(read, 403, "As of the same origin");
        const written = await page.evaluate(`fetch("/api/commands", {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ line: "kill Powell" }),
        }).then((it) => it.status)`);
        assertEquals(written, 403);
        await page.goto(site);
      }
      for (const target of targets) {
        const tried = await page.evaluate(
          `(${TRIES})(${JSON.stringify(target)})`,
        ) as Record<string, string>;
        const others = Object.entries(tried)
          .filter(([, how]) => how !== "refused" && how !== "nothing");
        assertEquals(others, [], `${site} to ${target}`);
      }
      for (const type of isFirst ? ENCTYPES : []) {
        const given = JSON.stringify({ herd: origin, type });
        assertEquals(await page.evaluate(`(${FORM})(${given})`), "hidden");
      }
      if (isFirst) await assertNoHold(page, origin);
      await context.close();
    }
    const { servers } = await herd.ask<{ servers: { state: string }[] }>(
      "GET",
      "/api/status",
    );
    assertEquals(new Set(servers.map(({ state }) => state)), new Set(["up"]));
    const { faults } = await herd.ask<{ faults: unknown[] }>(
      "GET",
      "/api/faults",
    );
    assertEquals(faults, []);
    // The herd's own page works on.
    await own.waitForSelector("html[data-connection=open]", {
      state: "attached",
    });
    assertEquals(heard, { messages: [], requests: [] });
  },
);
