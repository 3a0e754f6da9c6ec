import { Overloaded } from '../../src/kernel/errors.ts';
import { PictureDamaged } from '../../src/services/content/errors.ts';
import { Pictures } from '../../src/services/content/pictures.ts';
import { pictureOf } from '../support/files.ts';

/** What becomes of so many pictures that come at the same time. */
async function allAtOnce(pictures: Pictures, count: number, bytes: Buffer): Promise<string[]> {
  const outcomes = await Promise.allSettled(Array.from({ length: count }, () => pictures.prepare(bytes)));
  return outcomes.map((outcome) =>
    outcome.status === 'fulfilled' ? 'DONE' : (outcome.reason as Error).name,
  );
}

test('works on two pictures, lets eight wait and turns the rest away', async () => {
  const pictures = new Pictures();
  const bytes = await pictureOf('png');

  const outcomes = await allAtOnce(pictures, 12, bytes);

  expect(outcomes).toEqual([...Array<string>(10).fill('DONE'), Overloaded.name, Overloaded.name]);
  expect(await allAtOnce(pictures, 10, bytes)).toEqual(Array(10).fill('DONE'));
});

test('goes on after pictures that cannot be read', async () => {
  const pictures = new Pictures();

  const outcomes = await allAtOnce(pictures, 10, Buffer.from('\xff\xd8\xff', 'latin1'));

  expect(outcomes).toEqual(Array(10).fill(PictureDamaged.name));
  expect((await pictures.prepare(await pictureOf('png'))).width).toBe(60);
});
