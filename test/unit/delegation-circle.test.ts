import fc from 'fast-check';
import { resolveDelegations, type Delegation } from '../../src/governance/delegation.ts';
import { closesCircle } from '../../src/governance/delegation-circle.ts';

const delegation = (fromId: string, toId: string, topic: string | null = null): Delegation => ({
  fromId,
  toId,
  topic,
});

test.each<[string, Delegation, Delegation[], boolean]>([
  ['the first one does not', delegation('a', 'b'), [], false],
  ['one back to who delegated does', delegation('b', 'a'), [delegation('a', 'b')], true],
  [
    'so does one at the end of a chain',
    delegation('c', 'a'),
    [delegation('a', 'b'), delegation('b', 'c')],
    true,
  ],
  [
    'one into a circle of others does not',
    delegation('c', 'a'),
    [delegation('a', 'b'), delegation('b', 'a')],
    false,
  ],
  [
    'one that takes the place of what would lead back does not',
    delegation('a', 'c'),
    [delegation('a', 'b'), delegation('c', 'b')],
    false,
  ],
  ['another topic is another matter', delegation('b', 'a', 'land'), [delegation('a', 'b', 'food')], false],
  ['one for a topic meets those for everything', delegation('b', 'a', 'land'), [delegation('a', 'b')], true],
  ['one for everything meets those for a topic', delegation('b', 'a'), [delegation('a', 'b', 'land')], true],
  [
    'one for everything stands back where there is one for the topic',
    delegation('b', 'a'),
    [delegation('a', 'b', 'land'), delegation('b', 'c', 'land')],
    false,
  ],
])('whether a delegation closes a circle: %s', (_, added, delegations, expected) => {
  const closes = closesCircle(added, delegations);

  expect(closes).toBe(expected);
});

test('delegations that are taken one by one unless they close a circle lose nobody a vote', () => {
  const id = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
  const wish = fc.record({ fromId: id, toId: id, topic: fc.constant(null) });
  fc.assert(
    fc.property(fc.array(wish, { maxLength: 30 }), (wishes) => {
      let taken: Delegation[] = [];
      for (const added of wishes) {
        if (added.fromId === added.toId || closesCircle(added, taken)) continue;
        taken = [...taken.filter(({ fromId }) => fromId !== added.fromId), added];
      }
      const electors = new Map(['a', 'b', 'c', 'd', 'e', 'f'].map((each) => [each, 1n]));
      const ends = [...electors.keys()].filter((each) => taken.every(({ fromId }) => fromId !== each));

      const { weights } = resolveDelegations({ electors, voters: new Set(ends), topic: null }, taken);

      expect([...weights.values()].reduce((sum, weight) => sum + weight, 0n)).toBe(6n);
    }),
  );
});
