/**
 * Comparison whose duration does not reveal how much of a secret was guessed.
 *
 * @module
 */

/**
 * Whether a text is the secret; takes the same time for any text of its length.
 */
export function isSecret(text: string, secret: string): boolean {
  if (text.length !== secret.length) return false;
  let difference = 0;
  for (let i = 0; i < secret.length; i++) {
    difference |= text.charCodeAt(i) ^ secret.charCodeAt(i);
  }
  return difference === 0;
}
