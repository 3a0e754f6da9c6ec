import { buildProgram, runBeside } from './support/process.ts';

beforeAll(buildProgram, 120_000);

test('very many ballots are counted as few are, while others are answered', async () => {
  const { code, stdout, stderr } = await runBeside('count-many.mjs');

  expect([code, stderr]).toEqual([0, '']);
  expect(JSON.parse(stdout)).toEqual({
    ballots: 10_001,
    isSame: true,
    winners: [expect.stringMatching(/^[1-5]$/), expect.stringMatching(/^[1-5]$/)],
    othersHadTurns: true,
    fault: 'RangeError: nothing counts by GUESSING',
    hardAlone: true,
  });
});
