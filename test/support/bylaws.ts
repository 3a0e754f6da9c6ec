import { ruleFaults } from '../../src/governance/bylaw-faults.ts';
import type { BylawRule, BylawVote, Decider } from '../../src/governance/bylaws.ts';

/** A rule of bylaws, for any amount unless one is given. */
export function rule(action: BylawRule['action'], decidedBy: Decider, upTo: string | null = null): BylawRule {
  return { action, upTo, decidedBy };
}

/** A vote by simple majority in which half of all take part, with what is stated otherwise. */
export function vote(stated: Partial<BylawVote> = {}): Decider {
  return {
    by: 'VOTE',
    method: 'MAJORITY',
    threshold: '>1/2',
    base: 'CAST',
    quorum: '1/2',
    periodDays: 7,
    ...stated,
  };
}

/** What is wrong with rules, as `path CODE`. */
export function bylawFaultsOf(rules: readonly BylawRule[]): string[] {
  return ruleFaults(rules).map(({ path, code }) => `${path} ${code}`);
}
