import fc from 'fast-check';
import { type Delegation, resolveDelegations } from '../../src/governance/delegation.ts';

const delegation = (fromId: string, toId: string, topic: string | null = null): Delegation => ({
  fromId,
  toId,
  topic,
});

interface Case {
  electors?: string[];
  voters: string[];
  topic?: string | null;
  delegations: Delegation[];
}

function resolve({ electors = ['a', 'b', 'c', 'd', 'e'], voters, topic = null, delegations }: Case) {
  const resolved = resolveDelegations(
    { electors: new Map(electors.map((id) => [id, 1n])), voters: new Set(voters), topic },
    delegations,
  );
  return {
    weights: Object.fromEntries(resolved.weights),
    paths: Object.fromEntries([...resolved.votedBy.keys()].map((id) => [id, resolved.pathOf(id)])),
    resolved,
  };
}

test.each<[string, Case, Record<string, bigint>, Record<string, string[]>]>([
  ['nobody delegates', { voters: ['a', 'b'], delegations: [] }, { a: 1n, b: 1n }, {}],
  ['one delegates', { voters: ['b'], delegations: [delegation('a', 'b')] }, { b: 2n }, { a: ['b'] }],
  [
    'a delegation is passed on',
    { voters: ['d'], delegations: [delegation('a', 'b'), delegation('b', 'c'), delegation('c', 'd')] },
    { d: 4n },
    { a: ['b', 'c', 'd'], b: ['c', 'd'], c: ['d'] },
  ],
  [
    'who votes votes for themselves, and for who comes to them',
    { voters: ['b', 'c'], delegations: [delegation('a', 'b'), delegation('b', 'c')] },
    { b: 2n, c: 1n },
    { a: ['b'] },
  ],
  [
    'a circle is no vote, nor is who comes to it',
    {
      voters: ['e'],
      delegations: [delegation('a', 'b'), delegation('b', 'c'), delegation('c', 'a'), delegation('d', 'a')],
    },
    { e: 1n },
    {},
  ],
  [
    'one vote within breaks the circle',
    { voters: ['c'], delegations: [delegation('a', 'b'), delegation('b', 'c'), delegation('c', 'a')] },
    { c: 3n },
    { a: ['b', 'c'], b: ['c'] },
  ],
  ['a circle of one', { voters: ['b'], delegations: [delegation('a', 'a')] }, { b: 1n }, {}],
  ['a delegate who does nothing', { voters: ['c'], delegations: [delegation('a', 'b')] }, { c: 1n }, {}],
  [
    'a delegate who may not vote passes nothing on',
    { electors: ['a', 'c'], voters: ['c'], delegations: [delegation('a', 'b'), delegation('b', 'c')] },
    { c: 1n },
    {},
  ],
  [
    'who may not vote has nothing to pass on',
    { electors: ['b'], voters: ['b'], delegations: [delegation('a', 'b')] },
    { b: 1n },
    {},
  ],
  [
    'the delegation for the topic goes before the one for everything',
    {
      voters: ['b', 'c'],
      topic: 'garden',
      delegations: [
        delegation('a', 'c', 'garden'),
        delegation('a', 'b'),
        delegation('d', 'b'),
        delegation('e', 'b', 'money'),
      ],
    },
    { b: 2n, c: 2n },
    { a: ['c'], d: ['b'] },
  ],
  [
    'and does not stand in for it where that leads nowhere',
    {
      voters: ['b'],
      topic: 'garden',
      delegations: [delegation('a', 'c', 'garden'), delegation('a', 'b')],
    },
    { b: 1n },
    {},
  ],
  [
    'without a topic only delegations for everything count',
    { voters: ['b', 'c'], delegations: [delegation('a', 'c', 'garden'), delegation('d', 'b')] },
    { b: 2n, c: 1n },
    { d: ['b'] },
  ],
  [
    'topics mix along the way',
    {
      voters: ['c'],
      topic: 'garden',
      delegations: [delegation('a', 'b'), delegation('b', 'c', 'garden'), delegation('b', 'd')],
    },
    { c: 3n },
    { a: ['b', 'c'], b: ['c'] },
  ],
])('%s', (_what, given, weights, paths) => {
  expect(resolve(given)).toMatchObject({ weights, paths });
  expect(Object.keys(resolve(given).paths)).toEqual(Object.keys(paths));
  expect(Object.keys(resolve(given).weights).toSorted()).toEqual(Object.keys(weights).toSorted());
});

test('weights of classes go along', () => {
  const electors = new Map([
    ['a', 3n],
    ['b', 2n],
    ['c', 5n],
  ]);

  const { weights } = resolveDelegations({ electors, voters: new Set(['b']), topic: null }, [
    delegation('a', 'b'),
  ]);

  expect(weights).toEqual(new Map([['b', 5n]]));
});

test('nobody voted for whoever nobody voted for', () => {
  const { resolved } = resolve({ voters: ['b'], delegations: [delegation('a', 'b')] });

  expect([resolved.pathOf('b'), resolved.pathOf('c'), resolved.pathOf('nobody')]).toEqual([[], [], []]);
});

describe('in general', () => {
  const person = fc.integer({ min: 0, max: 11 }).map((number) => `p${number}`);
  const topics = fc.constantFrom(null, 'garden', 'money');
  const cases = fc.record({
    electors: fc.uniqueArray(fc.tuple(person, fc.bigInt({ min: 1n, max: 9n })), { selector: ([id]) => id }),
    voting: fc.array(person),
    topic: topics,
    delegations: fc.uniqueArray(fc.record({ fromId: person, toId: person, topic: topics }), {
      selector: ({ fromId, topic }) => `${fromId} ${topic}`,
      maxLength: 20,
    }),
  });

  /** Follows one person step by step. */
  function whoVotesFor(
    id: string,
    isElector: (id: string) => boolean,
    voters: Set<string>,
    topic: string | null,
    all: Delegation[],
  ) {
    let at = id;
    for (let steps = 0; steps <= 12; steps++) {
      if (!isElector(at)) return null;
      if (voters.has(at)) return at;
      const own = all.filter(({ fromId }) => fromId === at);
      const next =
        own.find((each) => topic !== null && each.topic === topic) ?? own.find((each) => each.topic === null);
      if (!next) return null;
      at = next.toId;
    }
    return null;
  }

  test('each weight goes where following its owner leads, once or not at all', () => {
    fc.assert(
      fc.property(cases, ({ electors, voting, topic, delegations }) => {
        const weightOf = new Map(electors);
        const voters = new Set(voting.filter((id) => weightOf.has(id)));
        const expected = new Map<string, bigint>();
        for (const [id, weight] of electors) {
          const end = whoVotesFor(id, (each) => weightOf.has(each), voters, topic, delegations);
          if (end !== null) expected.set(end, (expected.get(end) ?? 0n) + weight);
        }

        const { weights, votedBy, pathOf } = resolveDelegations(
          { electors: weightOf, voters, topic },
          delegations,
        );

        expect(weights).toEqual(expected);
        for (const [id, end] of votedBy) {
          const path = pathOf(id);
          expect(path.at(-1)).toBe(end);
          expect(path.slice(0, -1).some((each) => voters.has(each))).toBe(false);
          expect(new Set([id, ...path]).size).toBe(path.length + 1);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('a chain and a circle of a hundred thousand', () => {
    const people = Array.from({ length: 100_000 }, (_, index) => `p${index}`);
    const electors = new Map(people.map((id) => [id, 1n]));
    const chain = people.slice(1).map((id, index) => delegation(people[index]!, id));
    const last = people.at(-1)!;

    const told = resolveDelegations({ electors, voters: new Set([last]), topic: null }, chain);
    const turned = resolveDelegations({ electors, voters: new Set([last]), topic: null }, chain.toReversed());
    const round = resolveDelegations({ electors, voters: new Set(), topic: null }, [
      ...chain,
      delegation(last, 'p0'),
    ]);

    expect(told.weights).toEqual(new Map([[last, 100_000n]]));
    expect(turned.weights).toEqual(told.weights);
    expect(told.pathOf('p0')).toEqual(people.slice(1));
    expect(round.weights.size + round.votedBy.size).toBe(0);
  });
});
