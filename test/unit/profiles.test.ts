import fc from 'fast-check';
import {
  MEMBERSHIP_STATES,
  PLACE_PRECISIONS,
  VISIBILITIES,
  type Membership,
  type MembershipState,
  type PlacePrecision,
  type Visibility,
} from '../../src/entities/membership.ts';
import {
  mayStep,
  MEMBERSHIP_STEPS,
  requireTransition,
  type MembershipStep,
} from '../../src/services/networks/membership-states.ts';
import { parsePlace } from '../../src/services/networks/places.ts';
import { isVisible, visibilitiesFor, type Closeness } from '../../src/services/networks/visibility.ts';

describe('a place', () => {
  const VALLE = { name: 'Valle', latitude: 40.123_456_789, longitude: -3.987_654_321 };

  test.each([
    ['EXACT', 40.123_457, -3.987_654],
    ['NEIGHBOURHOOD', 40.12, -3.99],
    ['TOWN', 40.1, -4],
    ['HIDDEN', null, null],
  ] as const)('is kept at %s as %s, %s', (precision, latitude, longitude) => {
    expect(parsePlace(VALLE, precision)).toEqual({ placeName: 'Valle', latitude, longitude });
  });

  test('never keeps a digit more than its precision allows, and moves at most half a step', () => {
    const steps: Record<PlacePrecision, number> = { EXACT: 1e-6, NEIGHBOURHOOD: 0.01, TOWN: 0.1, HIDDEN: 0 };
    const decimals: Record<PlacePrecision, number> = { EXACT: 6, NEIGHBOURHOOD: 2, TOWN: 1, HIDDEN: 0 };
    const degrees = (bound: number) => fc.double({ min: -bound, max: bound, noNaN: true });
    fc.assert(
      fc.property(
        degrees(90),
        degrees(180),
        fc.constantFrom(...PLACE_PRECISIONS),
        (latitude, longitude, precision) => {
          const kept = parsePlace({ latitude, longitude }, precision);
          for (const [given, found] of [
            [latitude, kept.latitude],
            [longitude, kept.longitude],
          ] as const) {
            if (precision === 'HIDDEN') expect(found).toBeNull();
            else {
              expect(Number(found?.toFixed(decimals[precision]))).toBe(found);
              expect(Math.abs(given - (found ?? 0))).toBeLessThanOrEqual(steps[precision] * 0.500_001);
              expect(Object.is(found, -0)).toBe(false);
            }
          }
        },
      ),
    );
  });

  test('that is kept less exactly stays so when it is rounded again', () => {
    const coarse = parsePlace(VALLE, 'TOWN');

    expect(parsePlace({ ...coarse, name: coarse.placeName }, 'EXACT')).toEqual(coarse);
  });

  test.each([
    [null, { placeName: null, latitude: null, longitude: null }],
    [{}, { placeName: null, latitude: null, longitude: null }],
    [{ name: '  Valle ' }, { placeName: 'Valle', latitude: null, longitude: null }],
    [
      { latitude: 90, longitude: -180 },
      { placeName: null, latitude: 90, longitude: -180 },
    ],
    [
      { latitude: 0, longitude: -0.000_000_1 },
      { placeName: null, latitude: 0, longitude: 0 },
    ],
  ])('%j is kept as %j', (place, kept) => {
    expect(parsePlace(place, 'EXACT')).toEqual(kept);
  });

  test.each([
    { latitude: 90.1, longitude: 0 },
    { latitude: 0, longitude: -180.1 },
    { latitude: 1 },
    { longitude: 1 },
    { latitude: Number.NaN, longitude: 0 },
    { latitude: 0, longitude: Number.POSITIVE_INFINITY },
  ])('%j is refused', (place) => {
    for (const precision of PLACE_PRECISIONS) {
      expect(() => parsePlace(place, precision)).toThrow(
        expect.objectContaining({ code: 'INVALID_COORDINATES', path: 'place' }),
      );
    }
  });
});

describe('a part of a profile', () => {
  // Whom a setting lets see it.
  const SEEN_BY: Record<Visibility, Closeness[]> = {
    NOBODY: ['SELF'],
    NETWORK: ['SELF', 'NETWORK'],
    FEDERATION: ['SELF', 'NETWORK', 'FEDERATION'],
    PUBLIC: ['SELF', 'NETWORK', 'FEDERATION', 'PUBLIC'],
  };
  const CLOSENESSES: Closeness[] = ['SELF', 'NETWORK', 'FEDERATION', 'PUBLIC'];
  const table = VISIBILITIES.flatMap((setting) => CLOSENESSES.map((closeness) => ({ setting, closeness })));

  test.each(table)('set to $setting, for $closeness', ({ setting, closeness }) => {
    const member = { visibility: { phone: setting, about: 'NOBODY' } } as Membership;
    const isSeen = SEEN_BY[setting].includes(closeness);

    expect(isVisible(member, 'phone', closeness)).toBe(isSeen);
    expect(visibilitiesFor(closeness).includes(setting)).toBe(isSeen);
    expect(isVisible(member, 'about', closeness)).toBe(closeness === 'SELF');
  });
});

describe('a membership', () => {
  // Which steps a state allows.
  const STEPS_FROM: Record<MembershipState, MembershipStep[]> = {
    APPLIED: ['admit', 'decline', 'leave'],
    ACTIVE: ['suspend', 'leave', 'expel'],
    SUSPENDED: ['reinstate', 'leave', 'expel'],
    LEFT: ['apply'],
    DECLINED: ['apply'],
  };
  const STEPS = Object.keys(MEMBERSHIP_STEPS) as MembershipStep[];
  const table = MEMBERSHIP_STATES.flatMap((state) => STEPS.map((step) => ({ state, step })));
  const allowed = { allowed: true, reason: null };

  test.each(table)('that is $state, and the step $step', ({ state, step }) => {
    const member = { state } as Membership;
    const take = () => requireTransition(member, step);

    if (STEPS_FROM[state].includes(step)) {
      expect(take).not.toThrow();
      expect(mayStep(member, step, allowed)).toEqual(allowed);
    } else {
      expect(take).toThrow(expect.objectContaining({ code: 'MEMBERSHIP_STATE', fields: { state } }));
      expect(mayStep(member, step, allowed)).toEqual({ allowed: false, reason: 'NOT_IN_THIS_STATE' });
    }
  });

  test('in the wrong state does not hide another reason', () => {
    const denied = { allowed: false, reason: 'ROLE_REQUIRED' } as const;

    expect(mayStep({ state: 'LEFT' } as Membership, 'admit', denied)).toEqual(denied);
  });
});
