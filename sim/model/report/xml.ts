/**
 * XML for junit.xml.
 *
 * @module
 */

/** Milliseconds in the format's seconds. */
export function seconds(ms: number): string {
  return (ms / 1_000).toFixed(3);
}

/** Attributes of an element, each with a space before it. */
export function attributesOf(
  values: Readonly<Record<string, string | number>>,
): string {
  return Object.entries(values).map(([name, value]) =>
    // A parser reads a bare tab or line feed in an attribute as a space.
    ` ${name}="${
      escaped(String(value)).replace(
        /[\t\n\r]/g,
        (char) => `&#${char.charCodeAt(0)};`,
      )
    }"`
  ).join("");
}

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

/**
 * Text for XML 1.0. Characters that it forbids even as references (control
 * characters, U+FFFE, lone surrogates) are written as `\u0000`.
 */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (char) => ESCAPES[char]!).replace(
    // deno-lint-ignore no-control-regex -- control characters are what it finds
    /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u{d800}-\u{dfff}\ufffe\uffff]/gu,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
