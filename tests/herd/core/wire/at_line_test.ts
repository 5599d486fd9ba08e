import { assert, assertEquals } from "@std/assert";
import { AtLine } from "../../../../herd/core/wire/at_line.ts";
import { byteString } from "../../../../herd/core/bytes/bytes.ts";
import { clientText, lineText } from "../../../../herd/core/wire/fix.ts";
import { parseClientLine } from "../../../../herd/core/wire/message.ts";
import { ByteWriter } from "../../../../herd/core/bytes/writer.ts";
import { fixOf, lineWithin, pure } from "../pure.ts";

pure(
  "AtLine.write() writes an IAMAT's fields after name and difference",
  () => {
    const at = new AtLine("Alford");
    const now = { seconds: 1_621_464_828, nanos: 223_371_889 };
    const out = new ByteWriter();
    const table = [
      ["kiwi +34.068930-118.445127 1621464827.959498503", "+0.263873386"],
      ["\xff\0 +0-0 1621464828.3", "-0.076628111"],
      [
        `k +1+1 1${"0".repeat(20)}`,
        `-${10n ** 20n - 1_621_464_829n}.776628111`,
      ],
    ];
    for (const [fields, difference] of table) {
      const iamat = parseClientLine(lineWithin(`IAMAT ${fields}`));
      assert(iamat.kind === "iamat");
      const fix = at.write(iamat, out, now);
      const line = `AT Alford ${difference} ${fields}`;
      assertEquals(lineText(fix), line);
      assertEquals(byteString(out.bytes).slice(fix.start), line);
      assertEquals(clientText(fix), clientText(fixOf(line)));
      const { seconds, nanos } = fixOf(line);
      assertEquals([fix.seconds, fix.nanos], [seconds, nanos]);
      out.byte(10);
    }
  },
);
