import { tallyFile } from '../../src/commands/tally.ts';
import { tallyText } from '../../src/commands/tally-output.ts';
import { counted, faultOf, givenBallots, useBallotFiles } from '../support/tally-files.ts';

useBallotFiles();

describe('.blt', () => {
  test('knows comments, ids of ballots, skipped ranks, withdrawn candidates and a form without line breaks', () => {
    const text = [
      '# four for two',
      '4 2',
      '-2 # Basil went home',
      '(paper 1) 3 1 3 4 0',
      '4 1 - 2 0',
      '2 2 4 1 3 0 1 2 0',
      '2 2 4 3 1 0',
      '1 3 4 2 0',
      '0',
      '"Adam" "Basil" "Charlotte #1"',
      '"Donald \\"Don\\" Duke"',
      '"A title"',
    ];

    const result = counted('some.blt', text.join('\r\n'), { method: 'STV_SCOTTISH' });

    // One ballot named only who had withdrawn, so that 12 of 13 are valid.
    expect(result).toMatchObject({ quota: '5', elected: ['Adam', 'Donald "Don" Duke'] });
    expect(result.rounds[0].figures).toEqual([
      { option: 'Adam', value: '7.00000', state: 'ELECTED' },
      { option: 'Basil', value: '0.00000', state: 'EXCLUDED' },
      { option: 'Charlotte #1', value: '1.00000', state: 'CONTINUING' },
      { option: 'Donald "Don" Duke', value: '4.00000', state: 'CONTINUING' },
    ]);
  });

  test('takes equals where the method does, names without quotation marks, and no title', () => {
    const text = '3 1\n2 1=2 3 0\n1 3 0\n0\nCand A (Party A)\nCand B\nCand C\n';

    expect(counted('equal.blt', text, { method: 'SCHULZE' })).toMatchObject({
      potentialWinners: ['Cand A (Party A)', 'Cand B'],
    });
    expect(faultOf('equal.blt', text, { method: 'STV_MEEK' })).toBe(
      'equal.blt:2: expected a ballot that STV_MEEK can count, found EQUAL_RANK at ranking.0',
    );
  });

  test('tells candidates of one name apart', () => {
    const { elected } = counted('twins.blt', '2 1\n2 2 0\n1 1 0\n0\n"Kim"\n"Kim"\n', {
      method: 'BORDA',
    });

    expect(elected).toEqual(['Kim (2)']);
  });

  test.each([
    ['', 'broken.blt:1: expected the number of candidates, found nothing'],
    ['3\n', 'broken.blt:1: expected the number of seats, found nothing'],
    ['3 x\n', 'broken.blt:1: expected the number of seats, found x'],
    [
      '3 1\n1 0x1 0\n0\n',
      'broken.blt:2: expected a candidate from 1 to 3, or the 0 that ends a ballot, found 0x1',
    ],
    ['3 1\n-4\n', 'broken.blt:2: expected a candidate from -1 to -3, found -4'],
    [
      '3 1\n1 1 0\nx 1 0\n',
      'broken.blt:3: expected how many voted so, or the 0 that ends the ballots, found x',
    ],
    ['3 1\n1.5 1 0\n', 'broken.blt:2: expected how many voted so, or the 0 that ends the ballots, found 1.5'],
    [
      '3 1\n\n# here\n1 1 4 0\n',
      'broken.blt:4: expected a candidate from 1 to 3, or the 0 that ends a ballot, found 4',
    ],
    [
      '3 1\n1 1 2\n',
      'broken.blt:2: expected a candidate from 1 to 3, or the 0 that ends a ballot, found nothing',
    ],
    [
      '3 1\n1 1 0\n',
      'broken.blt:2: expected how many voted so, or the 0 that ends the ballots, found nothing',
    ],
    ['3 1\n1 1 0\n0\n"A"\n"B"\n', 'broken.blt:5: expected the name of candidate 3, found nothing'],
    [
      '3 1\n1 1 2 1 0\n0\n"A"\n"B"\n"C"\n',
      'broken.blt:2: expected a ballot that BORDA can count, found OPTION_TWICE at ranking.2.0',
    ],
  ])('says what is wrong with %j', (text, message) => {
    expect(faultOf('broken.blt', text, { method: 'BORDA' })).toEqual(message);
  });
});

describe('PrefLib', () => {
  const NAMES = [
    '# FILE NAME: x.toi',
    '# NUMBER ALTERNATIVES: 3',
    '# ALTERNATIVE NAME 1: Ana',
    '# ALTERNATIVE NAME 2: Ben',
    '# ALTERNATIVE NAME 3: Cleo',
  ];

  test('is read in its present form', () => {
    const text = [...NAMES, '4: 1,2,3', '3: 2, {1, 3}', '2: 3'].join('\n');

    const { elected, rounds } = counted('votes.toi', text, { method: 'BORDA' });

    expect(elected).toEqual(['Ben']);
    expect(rounds[0].figures.map(({ value }: { value: string }) => value)).toEqual(['10.5', '11', '5.5']);
  });

  test('is read in its older form', () => {
    const text = '3\n1,Ana\n2,"Ben, the elder"\n3,Cleo\n9,9,3\n4,1,2,3\n3,2,3,1\n2,3,2,1\n';

    const { elected, rounds } = counted('votes.soc', text, { method: 'INSTANT_RUNOFF' });

    expect(elected).toEqual(['"Ben, the elder"']);
    expect(rounds).toHaveLength(2);
  });

  test.each([
    [
      'votes.soi',
      [...NAMES, '4: 1,{2,3}'],
      '6: expected a ranking without equals, as the name of the file says, found 4: 1,{2,3}',
    ],
    ['votes.soi', [...NAMES, '4: 1,5'], '6: expected alternatives from 1 to 3, found 5'],
    ['votes.soi', [...NAMES, '4 1,2'], '6: expected how many gave a ranking, and a colon, found 4 1,2'],
    ['votes.soi', [...NAMES, '0: 1,2'], '6: expected how many gave a ranking, and a colon, found 0: 1,2'],
    ['votes.soi', [...NAMES.slice(0, 4), '4: 1'], '5: expected # ALTERNATIVE NAME 3'],
    [
      'votes.soi',
      [NAMES[0]!, NAMES[3]!],
      '2: expected # ALTERNATIVE NAME 1, found # ALTERNATIVE NAME 2: Ben',
    ],
    ['votes.soc', ['2', '1,Ana', 'Ben'], '3: expected 2 and the name of that alternative, found Ben'],
    [
      'votes.soc',
      ['1', '1,Ana', '2:1'],
      '3: expected the number of voters, their sum and the number of rankings, found 2:1',
    ],
  ])('says what is wrong with %s %j', (name, lines, message) => {
    expect(faultOf(name, lines.join('\n'), { method: 'SCHULZE' })).toEqual(`${name}:${message}`);
  });
});

describe('Pabulib', () => {
  const file = (meta: string[], projects: string[], votes: string[]) =>
    ['META', 'key; value', ...meta, 'PROJECTS', ...projects, 'VOTES', ...votes].join('\n');
  const PROJECTS = [
    'project_id; cost; name',
    'p1; 600; "A park; with a pond"',
    'p2; 800; Lamps',
    'p4; 1400; A hall',
  ];

  // p1 has two votes, p2 three, p4 one; 1400 are enough for the first two.
  test('approvals buy projects', () => {
    const votes = ['voter_id; age; vote', '1; 34; p1,p2', '2; 51; "p1,p2"', '3; 23; p2,p4', '4; 23;'];
    const text = file(['budget; 1400', 'vote_type; approval'], PROJECTS, votes);

    expect(counted('town.pb', text, { method: 'PB_GREEDY' })).toMatchObject({
      method: 'PB_GREEDY',
      budget: '1400',
      spent: '1400',
      selected: ['p2', 'p1'],
      tieBreaks: [],
    });
  });

  test('people read the names of projects, too', () => {
    const text = file(['budget; 700', 'vote_type; approval'], PROJECTS, ['voter_id; vote', '1; p1']);
    const { result, election } = tallyFile(givenBallots('town.pb', text), { method: 'PB_GREEDY' });

    expect(tallyText(result, election)).toMatch(/^PB_GREEDY: 1 votes, budget 700, spent 600\n/);
    expect(tallyText(result, election)).toMatch(/\nSelected: A park; with a pond \(p1\)\n$/);
  });

  test('amounts can have decimals', () => {
    const projects = ['project_id;cost', 'a;10.5', 'b;0,25'];
    const text = file(['budget;10.75', 'vote_type;choose-1'], projects, [
      'voter_id;vote',
      '1;a',
      '2;b',
      '3;b',
    ]);

    expect(counted('town.pb', text, { method: 'PB_GREEDY' })).toMatchObject({
      budget: '10.75',
      spent: '10.75',
      selected: ['b', 'a'],
    });
  });

  test('what is left is spent as the settings say', () => {
    const votes = ['voter_id; vote', '1; p1', '2; p2', '3; p2', '4; p4'];
    const text = file(['budget; 1400', 'vote_type; approval'], PROJECTS, votes);

    expect(counted('town.pb', text, { method: 'PB_EQUAL_SHARES', completion: 'none' })).toMatchObject({
      spent: '0',
      selected: [],
    });
    expect(counted('town.pb', text, { method: 'PB_EQUAL_SHARES' })).toMatchObject({
      spent: '1400',
      selected: ['p2', 'p1'],
    });
  });

  // Two of three could pay 666 together for the park, two of four 500.
  test('who marked nothing has a share of the budget too', () => {
    const votes = ['voter_id; vote', '1; p1', '2; p1', '3; p2'];
    const meta = ['budget; 1000', 'vote_type; approval'];
    const options = { method: 'PB_EQUAL_SHARES', completion: 'none' };

    expect(counted('three.pb', file(meta, PROJECTS, votes), options).selected).toEqual(['p1']);
    expect(counted('four.pb', file(meta, PROJECTS, [...votes, '4;']), options).selected).toEqual([]);
  });

  test('points and rankings are read as such', () => {
    const points = file(['budget; 1400', 'vote_type; cumulative'], PROJECTS, [
      'voter_id; vote; points',
      '1; p1,p2; 3,1',
      '2; p4; 3',
    ]);
    const ranks = file(['budget; 1400', 'vote_type; ordinal'], PROJECTS, [
      'voter_id; vote',
      '1; p2,p1',
      '2; p2',
      '3; p4',
    ]);

    expect(counted('points.pb', points, { method: 'DOT' })).toMatchObject({
      elected: expect.any(Array),
    });
    expect(counted('ranks.pb', ranks, { method: 'INSTANT_RUNOFF' })).toMatchObject({
      elected: ['Lamps'],
    });
    expect(faultOf('ranks.pb', ranks, { method: 'PB_GREEDY' })).toEqual(
      'ranks.pb: PB_GREEDY counts approvals or points, and these are ranking',
    );
  });

  test.each([
    [
      file(['budget; 1'], PROJECTS, ['voter_id; vote']),
      '1: expected vote_type of approval, choose-1, ordinal, cumulative, scoring, found nothing',
    ],
    [
      file(['budget; x', 'vote_type; approval'], PROJECTS, ['voter_id; vote']),
      '3: expected a budget, found x',
    ],
    [file(['vote_type; approval'], PROJECTS, ['voter_id; vote']), '1: expected a budget, found nothing'],
    [
      file(['budget; 1', 'vote_type; approval'], ['project_id; cost', 'a; -1'], ['voter_id; vote']),
      '7: expected the cost of a project, found -1',
    ],
    [
      file(['budget; 1', 'vote_type; approval'], ['project_id'], ['voter_id; vote']),
      '6: expected a column cost',
    ],
    [
      file(['budget; 1', 'vote_type; scoring'], PROJECTS, ['voter_id; vote; points', '1; p1,p2; 3']),
      '12: expected points, a whole number for each of 2 projects, found 3',
    ],
    [
      file(['budget; 1', 'vote_type; approval'], PROJECTS, ['voter_id; vote', '1; p1,p9']),
      '12: expected a ballot that PB_GREEDY can count, found UNKNOWN_OPTION at approvals.1',
    ],
    ['META\nkey; value\nbudget; 1\n', '3: expected a section PROJECTS'],
  ])('says what is wrong with %j', (text, message) => {
    expect(faultOf('town.pb', text, { method: 'PB_GREEDY' })).toEqual(`town.pb:${message}`);
  });
});
