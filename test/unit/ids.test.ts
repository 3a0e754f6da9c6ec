import fc from 'fast-check';
import { ID_PREFIXES, kindOfId, newId, requireId, type IdKind } from '../../src/kernel/ids.ts';
import { anyText } from '../support/any-text.ts';

const KINDS = Object.keys(ID_PREFIXES) as IdKind[];

test('every kind has a prefix of three letters of its own', () => {
  const prefixes = Object.values(ID_PREFIXES);

  expect(new Set(prefixes).size).toBe(KINDS.length);
  for (const prefix of prefixes) expect(prefix).toMatch(/^[a-z]{3}$/);
});

test.each(KINDS)('an id of a %s says what it is and is accepted as nothing else', (kind) => {
  const id = newId(kind);

  expect(id).toMatch(new RegExp(`^${ID_PREFIXES[kind]}_[0-7][0-9a-hjkmnp-tv-z]{25}$`));
  expect(kindOfId(id)).toBe(kind);
  expect(requireId(kind, id, 'someId')).toBe(id);
  for (const other of KINDS.filter((name) => name !== kind)) {
    expect(() => requireId(other, id, 'someId')).toThrow(
      expect.objectContaining({
        code: 'INVALID_ID',
        path: 'someId',
        fields: { expected: `${ID_PREFIXES[other]}_…` },
      }),
    );
  }
});

const ID = 'acc_01h455vb4pex5vsknk084sn02q';

test('a TypeID that others made is read', () => {
  expect(kindOfId(ID)).toBe('account');
});

test.each([
  '',
  'acc',
  'acc_',
  ID.slice(0, -1),
  `${ID}0`,
  ID.toUpperCase(),
  ID.replace('acc', 'xyz'),
  ID.replace('_', '-'),
  ID.slice(4),
  ` ${ID}`.slice(0, 30),
  'acc_01h455vb4pex5vsknk084sn02l',
  'acc_81h455vb4pex5vsknk084sn02q',
  'acc_01h455vb4pex5vsknk084sn02é',
  'acc_01h455vb4pex5vsknk084sn0\0q',
  '00000000-0000-0000-0000-000000000000',
  "acc_'; drop table account; --  ",
])('%j is no id', (text) => {
  expect(kindOfId(text)).toBeUndefined();
});

test('no text makes it fail', () => {
  fc.assert(fc.property(anyText(), (text) => kindOfId(`acc_${text}`) === undefined));
});

test('ids sort by their bytes in the order in which they are made', () => {
  const ids = Array.from({ length: 5_000 }, () => newId('transfer'));

  expect(ids.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
});
