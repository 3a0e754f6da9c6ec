import type { BallotInput } from '../../../governance/tally/method.ts';
import type { Clock } from '../../../kernel/clock.ts';
import { Coalescer, type CoalescerBounds } from '../../../kernel/coalescer.ts';
import type { Db } from '../../../kernel/database.ts';
import { OutcomeUnknown } from '../../../kernel/errors.ts';
import type { KeyClaim } from '../../../kernel/idempotency.ts';
import { newId } from '../../../kernel/ids.ts';
import { isLostConnection, retrying } from '../../../kernel/transient.ts';
import type { Tx } from '../../../kernel/unit-of-work.ts';

/** A ballot on its way into the box of a vote. */
interface Casting {
  membershipId: string;
  vote: BallotInput;
}

/** With a name on it. */
export interface OpenCasting extends Casting {
  personId: string;
  actingForMembershipId: string | null;
  key: KeyClaim;
}

/** Without one. */
export interface SecretCasting extends Casting {
  /** What the voter's own key becomes by a key that the database does not have. */
  mark: Buffer;
}

/** Of which vote. */
export interface BoxKey {
  networkId: string;
  proposalId: string;
}

export const CAST_VERDICTS = [
  'CAST',
  'REPEATED',
  'KEY_REUSED',
  'ALREADY_VOTED',
  'CLOSED',
  'NOT_AN_ELECTOR',
] as const;

/** What came of a ballot. */
export interface CastOutcome {
  verdict: (typeof CAST_VERDICTS)[number];
  /** What the voter finds the ballot by; null unless it lies in the box. */
  receipt: string | null;
}

// While ballots are written their box is locked: a second lane would only wait.
const BOUNDS: CoalescerBounds = { batch: 64, lanes: 1, queue: 5_000, waitMs: 3_000 };

type Lanes<Item> = Map<string, Coalescer<Item, CastOutcome>>;

/**
 * Casts ballots of one vote that arrive at the same time together, each accepted or refused for itself. The answer comes
 * after the commit: the call of the function is a transaction of its own.
 */
export class BallotBatcher {
  private readonly open: Lanes<OpenCasting> = new Map();
  private readonly secret: Lanes<SecretCasting> = new Map();

  /** @param onCast called after each commit */
  constructor(
    private readonly db: Db,
    private readonly clock: Clock,
    private readonly onCast: () => void,
  ) {}

  /** @throws Overloaded, OutcomeUnknown */
  castOpen(box: BoxKey, casting: OpenCasting): Promise<CastOutcome> {
    return this.cast(this.open, box, casting, (castings) =>
      castOpen(this.db, box, castings, this.clock.now()),
    );
  }

  /** @throws Overloaded, OutcomeUnknown */
  castSecret(box: BoxKey, casting: SecretCasting): Promise<CastOutcome> {
    return this.cast(this.secret, box, casting, (castings) =>
      castSecret(this.db, box, castings, this.clock.now()),
    );
  }

  private async cast<Item extends Casting>(
    boxes: Lanes<Item>,
    { networkId, proposalId }: BoxKey,
    casting: Item,
    work: (castings: Item[]) => Promise<CastOutcome[]>,
  ): Promise<CastOutcome> {
    const name = `${networkId} ${proposalId}`;
    let lanes = boxes.get(name);
    if (!lanes) {
      lanes = new Coalescer<Item, CastOutcome>(
        (castings) => this.castBatch(castings, work),
        BOUNDS,
        identityOf,
      );
      boxes.set(name, lanes);
    }
    try {
      return await lanes.run(casting);
    } catch (error) {
      throw isLostConnection(error) ? new OutcomeUnknown({ cause: error }) : error;
    } finally {
      if (lanes.isIdle) boxes.delete(name);
    }
  }

  private async castBatch<Item>(
    castings: Item[],
    work: (castings: Item[]) => Promise<CastOutcome[]>,
  ): Promise<CastOutcome[]> {
    // Keys make it safe to ask again whatever became of the first call.
    const outcomes = await retrying(() => work(castings));
    this.onCast();
    return outcomes;
  }
}

// Of two ballots of one voter the first decides what becomes of the second.
function identityOf({ membershipId }: Casting): string {
  return membershipId;
}

function castOpen(
  db: Db,
  { networkId, proposalId }: BoxKey,
  castings: readonly OpenCasting[],
  now: Date,
): Promise<CastOutcome[]> {
  return db.rows<CastOutcome>(
    `select * from ballot_cast_open($1, $2, $3, $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
       $10::text[], $11::bytea[])`,
    [
      networkId,
      proposalId,
      now,
      castings.map(({ membershipId }) => membershipId),
      castings.map(() => newId('ballot')),
      castings.map(({ vote }) => JSON.stringify(vote)),
      castings.map(({ personId }) => personId),
      castings.map(({ actingForMembershipId }) => actingForMembershipId),
      castings.map(({ key }) => key.owner),
      castings.map(({ key }) => key.key),
      castings.map(({ key }) => key.hash),
    ],
  );
}

function castSecret(
  db: Db,
  { networkId, proposalId }: BoxKey,
  castings: readonly SecretCasting[],
  now: Date,
): Promise<CastOutcome[]> {
  return db.rows<CastOutcome>(
    'select * from ballot_cast_secret($1, $2, $3, $4, $5::text[], $6::bytea[], $7::text[])',
    [
      networkId,
      proposalId,
      now,
      newId('event'),
      castings.map(({ membershipId }) => membershipId),
      castings.map(({ mark }) => mark),
      castings.map(({ vote }) => JSON.stringify(vote)),
    ],
  );
}

/** Seals what is left in the box of a secret vote that is over. The caller has locked the proposal. */
export async function sealRest(tx: Tx, { networkId, proposalId }: BoxKey): Promise<void> {
  await tx.db.execute('select ballot_seal_rest($1, $2, $3, $4)', [
    networkId,
    proposalId,
    newId('event'),
    tx.now,
  ]);
}
