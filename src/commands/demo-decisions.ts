import type { App } from '../app.ts';
import { Account } from '../entities/account.ts';
import type { Actor } from '../kernel/actor.ts';
import type { Clock } from '../kernel/clock.ts';
import { settleDueProposals } from '../services/proposals/life/due-proposals.ts';
import { draftProposal, type DraftProposal } from '../services/proposals/life/draft.ts';
import { openProposal } from '../services/proposals/life/open.ts';
import { submitAction } from '../services/proposals/signatures/submit-action.ts';
import { castBallot } from '../services/proposals/votes/cast-ballot.ts';

/** Somebody who votes in the demo. */
interface Voter {
  actor: Actor;
  accountId: string;
}

/** What a demo community decides: each in a few lines, so that a newcomer finds something in every state. */
export class DemoDecisions {
  private ballots = 0;

  constructor(
    private readonly app: App,
    private readonly clock: Clock,
    private readonly networkId: string,
  ) {}

  /** A vote on how the community presents itself; two in three say yes, and it is carried out when its time is over. */
  async voteOnDescription(voters: readonly Voter[]): Promise<void> {
    const description = [{ locale: 'en', text: 'Neighbours by the river who give each other time.' }];
    const proposalId = await this.propose(voters, {
      title: 'How we present ourselves',
      text: 'Newcomers ask what we are. Let us say it in one sentence that all of us can stand by.',
      actions: [{ networkUpdate: { description } }],
    });
    for (const [index, voter] of voters.entries())
      await this.cast(voter, proposalId, index % 3 === 2 ? 'NO' : 'YES');
  }

  /** Closes and carries out what has fallen due. */
  settle(): Promise<void> {
    const { db, run, decisions } = this.app.services;
    return settleDueProposals({ db, run, decisions }, this.clock.now());
  }

  /** A vote that goes on when the demo ends: some have voted. */
  async voteOnStatement(voters: readonly Voter[]): Promise<void> {
    const proposalId = await this.propose(voters, {
      title: 'Keep the river path open',
      text: 'The town wants to close the path for two summers. We all walk there.',
      actions: [{ statement: { text: 'We ask the town to keep the river path open.' } }],
    });
    for (const voter of voters.slice(0, 9)) await this.cast(voter, proposalId, 'YES');
  }

  /** A payment from the common chest that one of two treasurers has signed. */
  async submitPayment(treasurer: Voter, payee: Voter): Promise<void> {
    const { networkId } = this;
    const [chest] = await this.app.database.db.all(Account, { networkId, holderKind: 'NETWORK' });
    const payment = {
      payerAccountId: chest?.id ?? '',
      payeeAccountId: payee.accountId,
      amount: '12.00',
      description: 'New benches by the river',
    };
    await this.app.services.run(treasurer.actor, (tx) =>
      submitAction(tx, this.app.services.decisions, { networkId, action: { transferPost: payment } }),
    );
  }

  /** The first of them proposes. */
  private async propose(
    [author]: readonly Voter[],
    motion: Omit<DraftProposal, 'networkId'>,
  ): Promise<string> {
    if (!author) throw new Error('The network has nobody to propose yet');
    const { networkId } = this;
    const { run, decisions } = this.app.services;
    const { id } = await run(author.actor, async (tx) => {
      const draft = await draftProposal(tx, decisions.handlers, { networkId, ...motion });
      return openProposal(tx, decisions, { networkId, proposalId: draft.id });
    });
    return id;
  }

  private async cast({ actor }: Voter, proposalId: string, choice: string): Promise<void> {
    const idempotencyKey = `demo ballot ${++this.ballots}`;
    const command = { networkId: this.networkId, proposalId, idempotencyKey, ballot: { choice } };
    await castBallot(this.app.services.ballots, actor, command);
  }
}
