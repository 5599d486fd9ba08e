/**
 * A process that watches a herd as its page does: it reads all batches, and
 * reports how many have arrived. Takes the address.
 *
 * @module
 */
import { ownArgs, serve } from "./serve.ts";

const [address] = ownArgs<[string]>();
let batches = 0;

async function watch(): Promise<void> {
  const response = await fetch(`${address}/api/events?follow=open-1`);
  let text = "";
  const decoder = new TextDecoderStream();
  for await (const part of response.body!.pipeThrough(decoder)) {
    const whole = (text + part).split("\n\n");
    text = whole.pop()!;
    for (const event of whole) {
      const data = /^data: (.*)$/m.exec(event)?.[1];
      if (data === undefined) continue;
      JSON.parse(data);
      batches++;
    }
  }
}

watch().catch(console.error);
await serve({ batches: () => batches });
