import { Group } from '../../entities/group.ts';
import type { MemberClass, Network } from '../../entities/network.ts';
import type { ActionKind } from '../../governance/actions.ts';
import {
  describeRule,
  votingRuleOf,
  type BylawRule,
  type Decider,
  type RegisteredFacts,
} from '../../governance/bylaws.ts';
import { votersOf } from '../../governance/electorate-faults.ts';
import type { Voters, VotingRule } from '../../governance/voting-rule.ts';
import { InvalidInput } from '../../kernel/errors.ts';
import { requireId } from '../../kernel/ids.ts';
import { boundedText, optionalText } from '../../kernel/text.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';
import type { ActionHandler } from '../access/action-handler.ts';
import { holdNetwork } from '../access/standing.ts';
import { withBudgetUnits } from './budget-unit.ts';
import { amendBylaws, soundBylaws, type BylawsChange } from './bylaws.ts';
import { movesNothing } from './membership-actions.ts';
import { parseTranslations, textIn, translationsInWords, type TranslationInput } from './translations.ts';

export interface BylawsInput {
  version: number;
  legalForm?: string | null;
  facts?: { [Fact in keyof RegisteredFacts]?: string | null } | null;
  memberClasses?: readonly MemberClassGiven[] | null;
  rules?: readonly RuleGiven[] | null;
}

interface MemberClassGiven {
  code: string;
  name: readonly TranslationInput[];
  votes: number;
}

type VoteGiven = { [Field in keyof Omit<VotingRule, 'electorate'>]?: VotingRule[Field] | null } & {
  electorate?: { groupId?: string | null; minimumDays?: number | null } | null;
};

interface RuleGiven {
  action: ActionKind;
  upTo?: string | null;
  decidedBy: {
    role?: string | null;
    signatures?: { role: string; count: number } | null;
    vote?: VoteGiven | null;
  };
}

const CODE = /^[A-Z0-9]{1,12}$/;
const DAY = /^\d{4}-\d\d-\d\d$/;
const LEGAL_FORM_BOUNDS = { max: 60 };
const NAME_BOUNDS = { max: 60 };
const FACT_BOUNDS = { name: 200, registrationNumber: 100, seat: 200 } as const;
const MAX_CLASSES = 20;
const MAX_RULES = 100;

/** Changes the bylaws, as the bylaws in force have it decided. */
export const bylawsAmend: ActionHandler<BylawsChange> = {
  kind: 'bylawsAmend',
  async read(tx, networkId, input: BylawsInput) {
    const { version, legalForm, facts, memberClasses, rules } = input;
    const data: BylawsChange = {
      version,
      ...(legalForm != null && { legalForm: boundedText(legalForm, 'legalForm', LEGAL_FORM_BOUNDS) }),
      ...(facts != null && { facts: readFacts(facts) }),
      ...(memberClasses != null && { memberClasses: readClasses(memberClasses) }),
      ...(rules != null && { rules: readRules(rules) }),
    };
    if (Object.keys(data).length === 1) throw new InvalidInput('REQUIRED', 'rules');
    const network = await holdNetwork(tx, networkId, 'none');
    if (data.rules) {
      const inUnits = await withBudgetUnits(tx.db, networkId, data.rules);
      data.rules = await withGroupNames(tx, network, inUnits.rules);
    }
    await soundBylaws(tx, network, data);
    return { data, sentence: inWords(data) };
  },
  amountOf: movesNothing,
  beneficiaries: async () => [],
  async execute(tx, data, { networkId, decisionId }) {
    await amendBylaws(tx, { networkId, decisionId, ...data });
  },
};

function readFacts(given: NonNullable<BylawsInput['facts']>): Partial<RegisteredFacts> {
  const facts: Partial<RegisteredFacts> = {};
  for (const fact of ['name', 'registrationNumber', 'seat'] as const) {
    if (given[fact] !== undefined) {
      facts[fact] = optionalText(given[fact], `facts.${fact}`, { max: FACT_BOUNDS[fact] });
    }
  }
  if (given.foundedOn !== undefined) facts.foundedOn = readDay(given.foundedOn);
  return facts;
}

/** @throws InvalidInput INVALID_RANGE for what is no day of the calendar */
function readDay(text: string | null): string | null {
  if (text === null) return null;
  const instant = new Date(DAY.test(text) ? text : Number.NaN);
  if (Number.isNaN(instant.getTime()) || instant.toISOString().slice(0, 10) !== text) {
    throw new InvalidInput('INVALID_RANGE', 'facts.foundedOn');
  }
  return text;
}

function readClasses(given: readonly MemberClassGiven[]): MemberClass[] {
  if (given.length < 1 || given.length > MAX_CLASSES) {
    throw new InvalidInput('INVALID_RANGE', 'memberClasses', { min: 1, max: MAX_CLASSES });
  }
  return given.map(({ code, name, votes }, index) => {
    if (!CODE.test(code)) throw new InvalidInput('INVALID_CODE', `memberClasses.${index}.code`);
    if (name.length === 0) throw new InvalidInput('REQUIRED', `memberClasses.${index}.name`);
    return { code, name: parseTranslations(name, `memberClasses.${index}.name`, NAME_BOUNDS), votes };
  });
}

function readRules(given: readonly RuleGiven[]): BylawRule[] {
  if (given.length > MAX_RULES) throw new InvalidInput('INVALID_RANGE', 'rules', { min: 0, max: MAX_RULES });
  return given.map(({ action, upTo = null, decidedBy }, index) => ({
    action,
    upTo,
    decidedBy: readDecider(decidedBy, `rules.${index}.decidedBy`),
  }));
}

/** @throws InvalidInput INVALID_CHOICE unless exactly one is given */
function readDecider({ role, signatures, vote }: RuleGiven['decidedBy'], path: string): Decider {
  if ([role, signatures, vote].filter((given) => given != null).length !== 1) {
    throw new InvalidInput('INVALID_CHOICE', path);
  }
  if (role != null) return { by: 'ROLE', role };
  if (signatures != null) return { by: 'SIGNATURES', role: signatures.role, count: signatures.count };
  const { electorate, ...given } = vote ?? {};
  const stated = Object.fromEntries(Object.entries(given).filter(([, value]) => value != null));
  return { by: 'VOTE', ...votingRuleOf({ ...stated, electorate: readVoters(electorate, path) }) };
}

function readVoters(given: VoteGiven['electorate'], path: string): Voters | null {
  const groupId = given?.groupId ?? null;
  const minimumDays = given?.minimumDays ?? null;
  if (groupId === null && minimumDays === null) return null;
  if (groupId !== null) requireId('group', groupId, `${path}.electorate.groupId`);
  return { groupId, groupName: null, minimumDays };
}

/** Rules that are told with the names of the groups that vote; of a group that is not there the faults of the bylaws tell. */
async function withGroupNames(
  { db }: Tx,
  { id: networkId, defaultLocale }: Network,
  rules: readonly BylawRule[],
): Promise<BylawRule[]> {
  const ids = rules.flatMap((rule) => votersOf(rule)?.groupId ?? []);
  const groups = ids.length > 0 ? await db.all(Group, { networkId, id: ids }) : [];
  const nameOf = new Map(groups.map(({ id, name }) => [id, textIn(name, defaultLocale, defaultLocale)]));
  return rules.map((rule) => {
    const voters = votersOf(rule);
    if (rule.decidedBy.by !== 'VOTE' || !voters?.groupId) return rule;
    const electorate = { ...voters, groupName: nameOf.get(voters.groupId) ?? null };
    return { ...rule, decidedBy: { ...rule.decidedBy, electorate } };
  });
}

function inWords({ legalForm, facts, memberClasses, rules }: BylawsChange): string {
  const parts = [
    legalForm && `The legal form is ${legalForm}.`,
    facts && `The registered facts change: ${Object.entries(facts).map(factInWords).join(', ')}.`,
    memberClasses && `The member classes are ${memberClasses.map(classInWords).join(', ')}.`,
    rules && ['All rules are replaced.', ...rules.map(describeRule)].join(' '),
  ];
  return parts.filter((part) => part !== undefined).join(' ');
}

function factInWords([fact, value]: [string, string | null]): string {
  return `${fact} ${value ?? 'none'}`;
}

function classInWords({ code, name, votes }: MemberClass): string {
  const named = `${code} ${translationsInWords(name)}`;
  return votes === 1 ? `${named} with 1 vote` : `${named} with ${votes} votes`;
}
