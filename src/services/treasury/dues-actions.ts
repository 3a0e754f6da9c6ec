import { handlersByKind, type ActionHandler } from '../access/action-handler.ts';
import { unitIn } from '../ledger/set-policy.ts';
import { movesNothing } from '../networks/membership-actions.ts';
import { setDues, type SetDues } from './dues-rules.ts';

export type DuesAction = Omit<SetDues, 'networkId'>;

/** Sets what members give for each period. */
export const duesSet: ActionHandler<DuesAction> = {
  kind: 'duesSet',
  async read({ db }, networkId, input: DuesAction) {
    const { unitId, memberClass = null, amount, period, graceDays, accountId, from = null } = input;
    const unit = await unitIn(db, networkId, unitId);
    const whose = memberClass === null ? 'All members' : `Members of the class ${memberClass}`;
    const data: DuesAction = { unitId: unit.id, memberClass, amount, period, graceDays, accountId, from };
    const since = from === null ? '' : ` from ${from} on`;
    return { data, sentence: `${whose} give ${amount} ${unit.code} each ${period.toLowerCase()}${since}.` };
  },
  amountOf: movesNothing,
  beneficiaries: async () => [],
  async execute(tx, data, { networkId }) {
    await setDues(tx, { networkId, ...data });
  },
};

/** What a community decides about what its members give. */
export const treasuryActions = handlersByKind([duesSet]);
