import { hashRecoveryCode, newRecoveryCodes } from '../../src/services/people/recovery-codes.ts';
import { newTotpSecret, stepOfCode } from '../../src/services/people/totp.ts';

// The test vectors of RFC 6238, appendix B (SHA-1), of which an authenticator app shows the last six digits.
const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const VECTORS: [number, string][] = [
  [59, '287082'],
  [1_111_111_109, '081804'],
  [1_111_111_111, '050471'],
  [1_234_567_890, '005924'],
  [2_000_000_000, '279037'],
  [20_000_000_000, '353130'],
];

const at = (seconds: number) => new Date(seconds * 1000);

describe.each(VECTORS)('at second %i', (seconds, code) => {
  const step = BigInt(Math.floor(seconds / 30));

  test(`${code} is the code, also with a space in it`, () => {
    expect(stepOfCode(SECRET, code, at(seconds))).toBe(step);
    expect(stepOfCode(SECRET, `${code.slice(0, 3)} ${code.slice(3)}`, at(seconds))).toBe(step);
  });

  test('it counts one step before and after, and keeps its own step', () => {
    const steps = [-60, -30, 30, 60].map((away) => stepOfCode(SECRET, code, at(seconds + away)));

    expect(steps).toEqual([null, step, step, null]);
  });
});

test.each(['', '28708', '2870820', 'abcdef', '２８７０８２', '-87082', '1e5'])('%j is no code', (code) => {
  expect(stepOfCode(SECRET, code, at(59))).toBeNull();
});

test('a secret has 160 bits', () => {
  expect(newTotpSecret()).toMatch(/^[A-Z2-7]{32}$/);
});

test('a recovery code is recognised however it is typed', () => {
  const [{ code, codeHash }] = newRecoveryCodes() as [{ code: string; codeHash: Buffer }];

  const typed = [code, code.toLowerCase(), code.replaceAll('-', ''), ` ${code.replaceAll('-', ' ')} `];
  const lookAlikes = [code.replaceAll('0', 'O'), code.replaceAll('1', 'l'), code.replaceAll('1', 'I')];

  for (const each of [...typed, ...lookAlikes]) expect(hashRecoveryCode(each)).toEqual(codeHash);
  expect(hashRecoveryCode(code.slice(1))).not.toEqual(codeHash);
});
