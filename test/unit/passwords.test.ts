import { hash } from '@node-rs/argon2';
import { Overloaded } from '../../src/kernel/errors.ts';
import { Passwords } from '../../src/services/people/passwords.ts';

jest.mock('@node-rs/argon2', () => {
  const real = jest.requireActual<{ hash: typeof hash }>('@node-rs/argon2');
  return { ...real, hash: jest.fn(real.hash) };
});

const passwords = () => new Passwords(8);

test('knows a password again, and no other', async () => {
  const hashed = await passwords().hash('correct horse battery');

  expect(await passwords().matches('correct horse battery', hashed)).toBe(true);
  expect(await passwords().matches('incorrect horse battery', hashed)).toBe(false);
  expect(await passwords().matches('no such person', null)).toBe(false);
});

test('turns away what would have to wait too long', async () => {
  const crowded = passwords();

  const answers = await Promise.allSettled(Array.from({ length: 9 }, () => crowded.hash('one of many')));

  expect(answers.filter(({ status }) => status === 'rejected')).toEqual([
    { status: 'rejected', reason: expect.any(Overloaded) },
  ]);
});

test('recovers when the hash for unknown people could not be made once', async () => {
  const unlucky = passwords();
  jest.mocked(hash).mockClear();
  jest.mocked(hash).mockRejectedValueOnce(new Error('Out of memory'));

  await expect(unlucky.matches('guess', null)).rejects.toThrow('Out of memory');
  expect(await unlucky.matches('guess', null)).toBe(false);
  expect(await unlucky.matches('guess again', null)).toBe(false);

  // Once in vain and once for good.
  expect(hash).toHaveBeenCalledTimes(2);
});
