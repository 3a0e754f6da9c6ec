import { Network } from '../../entities/network.ts';
import { InvalidInput, NotFound } from '../../kernel/errors.ts';
import { boundedText } from '../../kernel/text.ts';
import { handlersByKind, type ActionHandler } from '../access/action-handler.ts';
import { bylawsAmend } from './bylaws-action.ts';
import { membershipAdmit, membershipExpel, membershipSuspend, movesNothing } from './membership-actions.ts';
import { roleAssign, roleRevoke } from './role-actions.ts';
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
    networkChanges(network, data);
    return { data, sentence: `The settings of the network change: ${given.map(inWords).join(', ')}.` };
  },
  amountOf: movesNothing,
  beneficiaries: async () => [],
  async execute(tx, data, { networkId }) {
    await updateNetwork(tx, { networkId, ...data });
  },
};

function inWords([field, value]: [field: string, value: NetworkChange[keyof NetworkChange]]): string {
  return typeof value === 'object' ? field : `${field} is ${value}`;
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
  membershipExpel,
  roleAssign,
  roleRevoke,
  bylawsAmend,
  networkUpdate,
  statement,
]);
