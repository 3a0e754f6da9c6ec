import { createHash } from 'node:crypto';

/**
 * A lot that anybody can draw again: the number for a label is SHA-256 of `<seed>:<label>`, read as one whole number.
 *
 * @param seed any text; recorded with what it decided
 */
export function lotOf(seed: string): { seed: string; draw(label: string): bigint } {
  return {
    seed,
    draw: (label) => BigInt(`0x${createHash('sha256').update(`${seed}:${label}`, 'utf8').digest('hex')}`),
  };
}
