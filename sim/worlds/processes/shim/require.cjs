/**
 * Stands between a Node program and the network: `NODE_OPTIONS=--require`. The
 * same for Node as `sitecustomize.py` is for Python.
 */
"use strict";
const fs = require("node:fs");
const net = require("node:net");
const path = require("node:path");
const process = require("node:process");

const LOOPBACK = "127.0.0.1";
/** Nobody listens here, so a dial that may not be made is refused. */
const NOWHERE = 1;

const folder = process.env.HERD_SHIM;
const askedOfBound = new Map();

function readMap() {
  return JSON.parse(fs.readFileSync(path.join(folder, "map.json"), "utf8"));
}

function tell(event) {
  fs.appendFileSync(path.join(folder, "events"), JSON.stringify(event) + "\n");
}

function isLocal(host) {
  return ["", "localhost", "0.0.0.0", "::", "::1"].includes(host) ||
    /^(?:::ffff:)?127\./.test(host);
}

/** Loopback, but for the port by which others reach it. */
function addressOf(port) {
  const known = readMap();
  return port === known.port ? known.hostname : LOOPBACK;
}

/** The address that is to be dialled instead; `undefined` as port for none. */
function route(host, port) {
  const known = readMap();
  if (host in known.hosts) {
    return { host: LOOPBACK, port: known.hosts[host][port] };
  }
  if (!isLocal(host)) return { host: LOOPBACK };
  for (const [bound, asked] of askedOfBound) {
    // What it has in place of a port that it asked for may be a neighbour's.
    if (port === asked) return { host: addressOf(bound), port: bound };
  }
  return { host: LOOPBACK, port: known.connect[port] };
}

/** Arguments as `[options, callback]`, whichever way they were given. */
function optionsOf(args) {
  return Array.isArray(args[0]) ? args[0] : net._normalizeArgs(args);
}

function install() {
  const { connect } = net.Socket.prototype;
  net.Socket.prototype.connect = function (...args) {
    const [options, callback] = optionsOf(args);
    if (options.path) return connect.apply(this, args);
    const host = options.host ?? "localhost";
    const port = Number(options.port);
    const target = route(host, port);
    if (target.port === undefined) tell({ event: "refused", host, port });
    else if (isLocal(host)) tell({ event: "dial", port });
    const { lookup: _, ...rest } = options;
    return connect.call(
      this,
      { ...rest, host: target.host, port: target.port ?? NOWHERE },
      callback,
    );
  };

  const { listen, address } = net.Server.prototype;
  net.Server.prototype.listen = function (...args) {
    const [options, callback] = optionsOf(args);
    if (!("port" in options)) return listen.apply(this, args);
    const asked = Number(options.port ?? 0);
    const known = readMap();
    // Of several ports the one that counts is known, or the first does.
    const isIt = asked !== 0 && !askedOfBound.has(known.port) &&
      (known.asked ?? asked) === asked;
    const port = isIt ? known.port : 0;
    this.once("listening", () => {
      const bound = address.call(this).port;
      askedOfBound.set(bound, asked || bound);
      if (known.asked !== undefined && !isIt) {
        return tell({ event: "opened", asked: asked || bound });
      }
      tell({ event: "listen", asked: asked || bound, port: bound });
    });
    const host = addressOf(port);
    return listen.call(this, { ...options, host, port }, callback);
  };
  net.Server.prototype.address = function () {
    const found = address.call(this);
    const asked = askedOfBound.get(found?.port);
    return asked === undefined ? found : { ...found, port: asked };
  };
  tell({ event: "shim", language: `Node ${process.version}` });
}

if (folder) install();
