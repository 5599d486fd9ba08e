/**
 * A worker that does not start, but tells what it would have been allowed.
 *
 * @module
 */
const WISHES: Deno.PermissionDescriptor[] = [
  { name: "net", host: "127.0.0.1" },
  { name: "net", host: "127.0.0.1:80" },
  { name: "net", host: "places.example:443" },
  { name: "net", host: "example.com" },
  { name: "net" },
  { name: "write", path: "/herd-log" },
  { name: "write" },
  { name: "read" },
  { name: "env" },
  { name: "run" },
  { name: "ffi" },
  { name: "sys" },
];

self.onmessage = () => {
  const granted = WISHES
    .filter((wish) => Deno.permissions.querySync(wish).state === "granted")
    .map((wish) => Object.values(wish).join(" "));
  self.postMessage({
    kind: "start-failed",
    portInUse: false,
    why: granted.join(", "),
  });
};

declare const self: Worker;
