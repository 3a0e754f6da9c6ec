/** What must be true of every row of a walk. Its texts are SQL on the columns of the walk's facts. */
export interface Rule {
  /** A sentence that is true of sound books. */
  name: string;
  isBroken: string;
  expected: string;
  found: string;
}

/** Leads through a whole table of one network in the order of its key, a slice at a time. */
export interface Walk {
  table: string;
  /** With the key before the first row: ids are texts, numbers begin at one. */
  key: { column: string; first: string | number }[];
  /** Whether it is read whole, once, rather than by the keys of its slices. */
  isWhole?: boolean;
  /**
   * A query on `slice`, the rows that come next, with what stands beside them. `$1` is the network, `$3` and so on the
   * key of the last row before the slice.
   */
  facts: string;
  rules: Rule[];
}

const units: Walk = {
  table: 'unit',
  isWhole: true,
  key: [{ column: 'id', first: '' }],
  facts: `
    select s.id, coalesce(b.sum, 0) as balances, coalesce(e.sum, 0) as entries
      from slice s
      left join (select a.unit_id, sum(a.balance_minor) from account a where a.network_id = $1 group by a.unit_id) b
        on b.unit_id = s.id
      left join (select a.unit_id, sum(e.amount_minor) from entry e
                   join account a on a.network_id = e.network_id and a.id = e.account_id
                  where e.network_id = $1 group by a.unit_id) e on e.unit_id = s.id`,
  rules: [
    {
      name: 'the balances of a unit add up to zero',
      isBroken: 'balances <> 0',
      expected: '0',
      found: 'balances',
    },
    {
      name: 'the entries of a unit add up to zero',
      isBroken: 'entries <> 0',
      expected: '0',
      found: 'entries',
    },
  ],
};

// That the last entry carries the sum of all follows from the walk over the entries.
const accounts: Walk = {
  table: 'account',
  key: [{ column: 'id', first: '' }],
  facts: `
    select s.*, coalesce(e.seq, 0) as last_seq, coalesce(e.balance_after_minor, 0) as last_balance,
           coalesce(e.received_after_minor, 0) as last_received, e.posted_at as last_entry_at,
           coalesce(h.sum, 0) as on_hold
      from slice s
      left join lateral (select * from entry e where e.network_id = $1 and e.account_id = s.id
                          order by e.seq desc limit 1) e on true
      left join lateral (select sum(h.amount_minor - h.captured_minor) from hold h
                          where h.network_id = $1 and h.account_id = s.id and h.state = 'OPEN') h on true`,
  rules: [
    {
      name: 'an account has the balance of its last entry',
      isBroken: 'balance_minor <> last_balance',
      expected: 'last_balance',
      found: 'balance_minor',
    },
    {
      name: 'an account counts its entries',
      isBroken: 'entry_count <> last_seq',
      expected: 'last_seq',
      found: 'entry_count',
    },
    {
      name: 'an account has received what its last entry says',
      isBroken: 'received_minor <> last_received',
      expected: 'last_received',
      found: 'received_minor',
    },
    {
      name: 'an account knows the time of its last entry',
      isBroken: 'last_posted_at is distinct from last_entry_at',
      expected: `coalesce(last_entry_at::text, 'never')`,
      found: `coalesce(last_posted_at::text, 'never')`,
    },
    {
      name: 'what is reserved is what open holds have left',
      isBroken: 'reserved_minor <> on_hold',
      expected: 'on_hold',
      found: 'reserved_minor',
    },
  ],
};

const entries: Walk = {
  table: 'entry',
  key: [
    { column: 'account_id', first: '' },
    { column: 'seq', first: 0 },
  ],
  facts: `
    select s.*, a.unit_id as account_unit_id, t.unit_id as transfer_unit_id, t.state as transfer_state,
           t.posted_at as transfer_posted_at,
           s.is_levy or (s.account_id, s.seq) in ((t.payer_account_id, t.payer_seq), (t.payee_account_id, t.payee_seq))
             as is_named,
           coalesce(lag(s.seq) over w, b.seq, 0) as seq_before,
           coalesce(lag(s.balance_after_minor) over w, b.balance_after_minor, 0)::numeric as balance_before,
           coalesce(lag(s.received_after_minor) over w, b.received_after_minor, 0)::numeric as received_before,
           coalesce(lag(s.posted_at) over w, b.posted_at) as posted_before,
           -- Received is what came in, less what was returned of it.
           case when t.kind = 'REVERSAL' then least(s.amount_minor, 0) else greatest(s.amount_minor, 0) end as received
      from slice s
      left join account a on a.network_id = $1 and a.id = s.account_id
      left join transfer t on t.network_id = $1 and t.id = s.transfer_id
      left join entry b on b.network_id = $1 and b.account_id = $3 and b.seq = $4 and b.account_id = s.account_id
    window w as (partition by s.account_id order by s.seq)`,
  rules: [
    {
      name: 'an entry belongs to an account that exists',
      isBroken: 'account_unit_id is null',
      expected: `'the account ' || account_id`,
      found: `'none'`,
    },
    {
      name: 'an entry belongs to a posted transfer',
      isBroken: 'transfer_posted_at is null',
      expected: `'the posted transfer ' || transfer_id`,
      found: `coalesce(transfer_state, 'none')`,
    },
    {
      name: 'an entry is one of those that its transfer names',
      isBroken: 'not is_named',
      expected: `'named by ' || transfer_id`,
      found: `'not named'`,
    },
    {
      name: 'an entry is in the unit of its transfer',
      isBroken: 'account_unit_id <> transfer_unit_id',
      expected: 'transfer_unit_id',
      found: 'account_unit_id',
    },
    {
      name: 'an entry was posted when its transfer was',
      isBroken: 'posted_at <> transfer_posted_at',
      expected: 'transfer_posted_at',
      found: 'posted_at',
    },
    {
      name: 'entries are numbered without gaps',
      isBroken: 'seq <> seq_before + 1',
      expected: 'seq_before + 1',
      found: 'seq',
    },
    {
      name: 'an entry carries the balance on',
      isBroken: 'balance_after_minor <> balance_before + amount_minor',
      expected: 'balance_before + amount_minor',
      found: 'balance_after_minor',
    },
    {
      name: 'an entry carries on what was received',
      isBroken: 'received_after_minor <> received_before + received',
      expected: 'received_before + received',
      found: 'received_after_minor',
    },
    {
      name: 'entries of an account stand in the order of their time',
      isBroken: 'posted_at < posted_before',
      expected: `'not before ' || posted_before`,
      found: 'posted_at',
    },
  ],
};

/** A query for the entries that a row of transfers names by their numbers, and those of its levies. `$1` is the network. */
export function entriesOf(transfer: string): string {
  const named = ['payer', 'payee'].map(
    (side) => `select * from entry n where n.network_id = $1 and n.account_id = ${transfer}.${side}_account_id
                  and n.seq = ${transfer}.${side}_seq and n.transfer_id = ${transfer}.id and not n.is_levy`,
  );
  return `${named.join(' union all ')}
    union all select * from entry n where n.network_id = $1 and n.transfer_id = ${transfer}.id and n.is_levy`;
}

const transfers: Walk = {
  table: 'transfer',
  key: [{ column: 'id', first: '' }],
  // A reversal has no levies of its own: it returns those of the other.
  facts: `
    select s.*, l.*, e.*, r.state as other_state, r.reversed_by_id as other_reversed_by_id,
           r.payer_account_id as other_payer_id, r.payee_account_id as other_payee_id, r.amount_minor as other_amount,
           b.reverses_id as undone_id, b.posted_at as undone_at
      from slice s
      left join transfer r on r.network_id = $1 and r.id = s.reverses_id
      left join transfer b on b.network_id = $1 and b.id = s.reversed_by_id
      cross join lateral (
        select case when s.kind = 'REVERSAL' then -r.payee_levy_minor else s.payer_levy_minor end as from_payer,
               case when s.kind = 'REVERSAL' then -r.payer_levy_minor else s.payee_levy_minor end as from_payee,
               case when s.kind = 'REVERSAL' then r.levy_account_id else s.levy_account_id end as fund_id) l
      cross join lateral (
        select count(*) as entries, coalesce(sum(e.amount_minor), 0) as sum,
               count(*) filter (where not e.is_levy and (
                 (e.account_id = s.payer_account_id and e.amount_minor = -s.amount_minor)
                 or (e.account_id = s.payee_account_id and e.amount_minor = s.amount_minor))) as sides,
               count(*) filter (where e.is_levy and (
                 (e.account_id = s.payer_account_id and e.amount_minor = -l.from_payer)
                 or (e.account_id = s.payee_account_id and e.amount_minor = -l.from_payee)
                 or (e.account_id = l.fund_id and e.amount_minor = l.from_payer + l.from_payee))) as levies
          from (${entriesOf('s')}) e) e`,
  rules: [
    {
      name: 'the entries of a transfer add up to zero',
      isBroken: 'sum <> 0',
      expected: '0',
      found: 'sum',
    },
    {
      name: 'a posted transfer has the entries that it tells of',
      isBroken: `posted_at is not null and (sides <> 2 or entries <> 2 + levies or levies <>
        (from_payer <> 0)::int + (from_payee <> 0)::int + (from_payer + from_payee <> 0)::int)`,
      expected: `concat(payer_account_id, ' ', -amount_minor, ', ', payee_account_id, ' ', amount_minor,
        case when from_payer + from_payee <> 0
             then concat(', ', fund_id, ' ', from_payer + from_payee, ' (levies ', from_payer, ' + ', from_payee, ')') end)`,
      found: `coalesce((select string_agg(concat(e.account_id, ' ', e.amount_minor, case when e.is_levy then ' (levy)' end),
          ', ' order by e.account_id, e.seq)
        from (${entriesOf('facts')}) e), 'no entries')`,
    },
    {
      name: 'a transfer that is not posted has no entries',
      isBroken: 'posted_at is null and (entries > 0 or payer_seq is not null or payee_seq is not null)',
      expected: `'no entries while ' || state`,
      found: 'entries',
    },
    {
      name: 'a reversal undoes the transfer that it names',
      isBroken: `kind = 'REVERSAL' and (other_state, other_reversed_by_id, other_payer_id, other_payee_id, other_amount)
        is distinct from ('REVERSED', id, payee_account_id, payer_account_id, amount_minor)`,
      expected: `concat(reverses_id, ' REVERSED by ', id, ': ', amount_minor, ' from ', payee_account_id, ' to ',
        payer_account_id)`,
      found: `case when other_state is null then 'none' else concat(other_state, ' by ', coalesce(other_reversed_by_id, 'none'),
        ': ', other_amount, ' from ', other_payer_id, ' to ', other_payee_id) end`,
    },
    {
      name: 'a reversed transfer names what undoes it',
      isBroken: `state = 'REVERSED' and (undone_id is distinct from id or undone_at is null)`,
      expected: `concat(reversed_by_id, ' posted and reverses ', id)`,
      found: `case when undone_at is null then 'not posted' else concat('reverses ', coalesce(undone_id, 'none')) end`,
    },
  ],
};

const holds: Walk = {
  table: 'hold',
  isWhole: true,
  key: [{ column: 'id', first: '' }],
  facts: `
    select s.*, coalesce(t.sum, 0) as captured
      from slice s
      left join (select t.hold_id, sum(t.amount_minor) from transfer t
                  where t.network_id = $1 and t.hold_id is not null and t.posted_at is not null
                  group by t.hold_id) t on t.hold_id = s.id`,
  rules: [
    {
      name: 'transfers have taken of a hold what it says',
      isBroken: 'captured_minor <> captured',
      expected: 'captured',
      found: 'captured_minor',
    },
  ],
};

export const WALKS: readonly Walk[] = [units, accounts, entries, transfers, holds];

/**
 * The statement that reads the next slice of a walk and names the first broken row of each rule in it. `$2` is how many
 * rows the slice may have.
 */
export function sliceStatement({ table, key, facts, rules }: Walk): string {
  const columns = key.map(({ column }) => column);
  const after = key.map(
    (part, index) => `$${index + 3}::${typeof part.first === 'number' ? 'bigint' : 'text'}`,
  );
  const keyText = `array[${columns.map((column) => `${column}::text`).join(', ')}]`;
  const verdicts = rules.map(
    (rule, index) => `(${index}, (${rule.isBroken}), (${rule.expected})::text, (${rule.found})::text)`,
  );
  // Only broken rows are put into words.
  const isBroken = rules.map((rule) => `(${rule.isBroken})`).join(' or ');
  return `
    with slice as materialized (
      select * from ${table}
       where network_id = $1 and (${columns.join(', ')}) > (${after.join(', ')})
       order by ${columns.join(', ')} limit $2),
    facts as (${facts}),
    fault as (
      select distinct on (rule) rule, ${keyText} as key, expected, found
        from facts
        cross join lateral (values ${verdicts.join(',\n')}) as verdict (rule, is_broken, expected, found)
       where (${isBroken}) and is_broken
       order by rule, ${columns.join(', ')})
    select (select count(*)::int from slice) as rows,
           (select ${keyText} from slice order by ${columns.map((column) => `${column} desc`).join(', ')} limit 1) as last,
           (select coalesce(json_agg(fault), '[]') from fault) as faults`;
}

/**
 * The settings for reading tables whole, or by the keys of slices: these are small beside their tables, whose statistics may
 * be old, and each might read a table whole otherwise.
 */
export function planning(isWhole: boolean): string {
  return ['enable_seqscan', 'enable_hashjoin', 'enable_mergejoin']
    .map((setting) => `set local ${setting} = ${isWhole ? 'on' : 'off'}`)
    .join('; ');
}
