// node server.mjs --id NAME
import { readFileSync } from "node:fs";
import https from "node:https";
import net from "node:net";
import process from "node:process";

const id = process.argv[process.argv.indexOf("--id") + 1];
const config = readFileSync(new URL("config.yml", import.meta.url), "utf8");
const servers = new Map();
for (
  const [, name, port, friends] of config.matchAll(
    /^ {2}(\w+): \{ port: (\d+), friends: \[(.*)\] \}$/gm,
  )
) servers.set(name, { port: Number(port), friends: friends.split(", ") });
const self = servers.get(id);

const known = new Map();
const isNumber = (text) => /^\d+(\.\d+)?$/.test(text);

function point(text) {
  const found = /^([+-]\d+(?:\.\d+)?)([+-]\d+(?:\.\d+)?)$/.exec(text);
  if (!found) return null;
  const [lat, lon] = [Number(found[1]), Number(found[2])];
  return Math.abs(lat) <= 90 && Math.abs(lon) <= 180 ? { lat, lon } : null;
}

/** Stores what is newer, and passes it on. */
function learn(fix, from) {
  const old = known.get(fix.client);
  const isNewer = !old || fix.time > old.time ||
    (fix.time === old.time && fix.line > old.line);
  if (!isNewer) return;
  known.set(fix.client, fix);
  for (const name of self.friends) if (name !== from) send(name, fix);
}

function send(name, fix) {
  const socket = net.connect(servers.get(name).port, "127.0.0.1", () => {
    socket.end(JSON.stringify({ type: "update", from: id, fix }) + "\n");
  });
  socket.setTimeout(5000, () => socket.destroy());
  socket.on("error", () => console.log(`${name} is down`));
}

function lookUp({ lat, lon }, metres) {
  const url = "https://maps.googleapis.com/maps/api/place/nearbysearch/json" +
    `?location=${lat},${lon}&radius=${metres}&key=${process.env.KEY}`;
  return new Promise((resolve, reject) => {
    const request = https.get(url, { timeout: 5000 }, (response) => {
      let body = "";
      response.on("data", (chunk) => body += chunk);
      response.on("end", () => resolve(body));
    });
    request.on("timeout", () => request.destroy(new Error("timeout")));
    request.on("error", reject);
  }).then(JSON.parse);
}

async function whatsat(client, radius, items) {
  if (!isNumber(radius) || !/^\d+$/.test(items)) return null;
  if (Number(radius) > 50 || Number(items) > 20) return null;
  const fix = known.get(client);
  if (!fix) return null;
  let places;
  try {
    places = await lookUp(point(fix.position), Number(radius) * 1000);
    places.results = places.results.slice(0, Number(items));
  } catch {
    places = { html_attributions: [], results: [], status: "UNKNOWN_ERROR" };
  }
  return `${fix.line}\n${JSON.stringify(places, null, 2)}\n\n`;
}

function iamat(client, position, sent) {
  if (!point(position) || !isNumber(sent)) return null;
  const time = Number(sent);
  const ahead = Date.now() / 1000 - time;
  const diff = (ahead < 0 ? "" : "+") + ahead.toFixed(6);
  const line = `AT ${id} ${diff} ${client} ${position} ${sent}`;
  learn({ client, position, time, line });
  return line + "\n";
}

function update(text) {
  const { from, fix } = JSON.parse(text);
  learn(fix, from);
  return "";
}

async function answer(text) {
  if (text.trim() === "") return "";
  const words = text.trim().split(/\s+/);
  let reply = null;
  if (text.startsWith('{"type":"update"')) reply = update(text);
  else if (words.length !== 4) reply = null;
  else if (words[0] === "IAMAT") reply = iamat(...words.slice(1));
  else if (words[0] === "WHATSAT") reply = await whatsat(...words.slice(1));
  return reply ?? `? ${text}\n`;
}

const server = net.createServer({ allowHalfOpen: true }, async (socket) => {
  socket.on("error", () => {});
  let rest = "";
  for await (const chunk of socket.setEncoding("utf8")) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop();
    for (const line of lines) socket.write(await answer(line));
  }
  if (rest) socket.write(await answer(rest));
  socket.end();
});
server.listen(self.port, "127.0.0.1", () => console.log(`${id} is up`));
