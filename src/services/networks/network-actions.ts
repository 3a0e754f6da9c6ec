import { Network } from '../../entities/network.ts';
import type { Translations } from '../../entities/translations.ts';
import { InvalidInput, NotFound } from '../../kernel/errors.ts';
import { boundedText } from '../../kernel/text.ts';
import { handlersByKind, type ActionHandler } from '../access/action-handler.ts';
import { bylawsAmend } from './bylaws-action.ts';
import {
  membershipAdmit,
  membershipExpel,
  membershipReinstate,
  membershipSuspend,
  movesNothing,
} from './membership-actions.ts';
import { roleAssign, roleRevoke } from './role-actions.ts';
import { translationsInWords } from './translations.ts';
import { networkChanges, updateNetwork, type UpdateNetwork } from './update-network.ts';

type NetworkChange = Omit<UpdateNetwork, 'networkId'>;

const CLEARABLE: readonly string[] = ['description', 'place'];

/** Changes the settings of the network. */
export const networkUpdate: ActionHandler<NetworkChange> = {
  kind: 'networkUpdate',
  async read({ db }, networkId, input: NetworkChange) {
    const network = await db.one(Network, { id: networkId });
    if (!network) throw new NotFound('Network');
    const given = Object.entries(input).filter(([, value]) => value !== undefined);
    if (given.length === 0) throw new InvalidInput('REQUIRED', 'name');
    for (const [field, value] of given) {
      if (value === null && !CLEARABLE.includes(field)) throw new InvalidInput('REQUIRED', field);
    }
    const data: NetworkChange = Object.fromEntries(given);
    const before = network as unknown as Record<string, Setting>;
    const changes = Object.entries(networkChanges(network, data) as Record<string, Setting>);
    const told = changes.map(
      ([field, after]) => `${field} from ${inWords(before[field] ?? null)} to ${inWords(after)}`,
    );
    return { data, sentence: `The settings of the network change: ${told.join(', ')}.` };
  },
  amountOf: movesNothing,
  beneficiaries: async () => [],
  async execute(tx, data, { networkId }) {
    await updateNetwork(tx, { networkId, ...data });
  },
};

type Setting = string | number | boolean | Translations | null;

/** A setting as voters read it: texts in all their languages. */
function inWords(value: Setting): string {
  if (value === null) return 'none';
  return typeof value === 'object' ? translationsInWords(value) : String(value);
}

const STATEMENT_BOUNDS = { max: 5_000 };

/** Says something in the name of the network; nothing changes by it. */
export const statement: ActionHandler<{ text: string }> = {
  kind: 'statement',
  async read(_tx, _networkId, input: { text: string }) {
    const text = boundedText(input.text, 'text', STATEMENT_BOUNDS);
    return { data: { text }, sentence: text };
  },
  amountOf: movesNothing,
  beneficiaries: async () => [],
  execute: async () => {},
};

/** What a community decides about itself and its members. */
export const networkActions = handlersByKind([
  membershipAdmit,
  membershipSuspend,
  membershipReinstate,
  membershipExpel,
  roleAssign,
  roleRevoke,
  bylawsAmend,
  networkUpdate,
  statement,
]);
