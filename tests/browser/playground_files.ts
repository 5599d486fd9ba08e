/**
 * The playground, as any web server would serve it.
 *
 * @module
 */
import { playgroundFiles } from "../../sim/live/web/playground.ts";

const TYPES: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  json: "application/json",
};
let files: Promise<Record<string, string>> | undefined;

/** A server of files that knows of nothing else, with the page in a folder. */
export class Files implements AsyncDisposable {
  /** The address of the page. */
  readonly page: string;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  constructor(all: Readonly<Record<string, string>>) {
    const options = { port: 0, hostname: "127.0.0.1", onListen: () => {} };
    this.#server = Deno.serve(options, ({ url }) => {
      const name = new URL(url).pathname.replace(/^\/a-folder\//, "") ||
        "index.html";
      const text = all[name];
      if (text === undefined) return new Response("none", { status: 404 });
      const type = TYPES[name.split(".").at(-1)!]!;
      return new Response(text, { headers: { "content-type": type } });
    });
    this.page = `http://127.0.0.1:${this.#server.addr.port}/a-folder/`;
  }

  static async serve(): Promise<Files> {
    return new Files(await (files ??= playgroundFiles()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }
}
