import { formatDecimals } from '../governance/tally/decimals.ts';
import type { PairFigure, Round, TallyResult, TieBreak } from '../governance/tally/method.ts';
import type { ElectionFile } from './tally-files/election-file.ts';

/** One JSON object: for a budget the ids of the projects, else names. */
export function tallyJson(result: TallyResult, election: ElectionFile): string {
  // Projects are compared with other lists by their ids.
  const told = result.budget ? result : named(result, election);
  const { method, seats, quota, winners, rounds, tieBreaks, potentialWinners, budget } = told;
  if (budget) {
    const { decimals } = election;
    return JSON.stringify({
      method,
      budget: formatDecimals(budget.budget, decimals),
      spent: formatDecimals(budget.spent, decimals),
      selected: winners,
      rounds,
      tieBreaks,
    });
  }
  return JSON.stringify({
    method,
    seats,
    quota,
    elected: winners,
    ...(potentialWinners && { potentialWinners }),
    rounds,
    tieBreaks,
  });
}

/** The same with a table for each round, for people. */
export function tallyText(result: TallyResult, election: ElectionFile): string {
  const { method, seats, quota, winners, rounds, tieBreaks, potentialWinners, budget } = named(
    result,
    election,
  );
  const votes = election.ballots.reduce((sum, { weight }) => sum + weight, 0n);
  const money = (amount: bigint) => formatDecimals(amount, election.decimals);
  const head = budget
    ? `${method}: ${votes} votes, budget ${money(budget.budget)}, spent ${money(budget.spent)}`
    : `${method}: ${votes} votes, ${seats} ${seats === 1 ? 'seat' : 'seats'}${quota === null ? '' : `, quota ${quota}`}`;
  const drawn = tieBreaks.find(({ seed }) => seed !== null);
  const lines = [
    head,
    ...rounds.flatMap((round) => ['', ...roundLines(round)]),
    '',
    ...tieBreaks.map(tieLine),
    ...(drawn ? [`Lots were drawn with the seed ${drawn.seed}`] : []),
    ...(potentialWinners ? [`Potential winners: ${listed(potentialWinners)}`] : []),
    `${budget ? 'Selected' : 'Elected'}: ${listed(winners)}`,
  ];
  return `${lines.join('\n')}\n`;
}

/** With names in place of ids. Names that several share keep the id beside them, and so do those of projects. */
function named(result: TallyResult, { options }: ElectionFile): TallyResult {
  const counts = new Map<string, number>();
  for (const { name } of options) counts.set(name, (counts.get(name) ?? 0) + 1);
  const names = new Map(
    options.map(({ id, name }) => {
      const isEnough = name !== '' && counts.get(name) === 1 && (!result.budget || name === id);
      return [id, isEnough ? name : `${name} (${id})`.trim()];
    }),
  );
  const nameOf = (id: string) => names.get(id) ?? id;
  return {
    ...result,
    winners: result.winners.map(nameOf),
    ...(result.potentialWinners && { potentialWinners: result.potentialWinners.map(nameOf) }),
    rounds: result.rounds.map((round) => ({
      ...round,
      of: round.of.map(nameOf),
      figures: round.figures.map((figure) => ({ ...figure, option: nameOf(figure.option) })),
      ...(round.pairs && {
        pairs: round.pairs.map((pair) => ({ ...pair, option: nameOf(pair.option), over: nameOf(pair.over) })),
      }),
    })),
    tieBreaks: result.tieBreaks.map((tie) => ({
      ...tie,
      among: tie.among.map(nameOf),
      chosen: tie.chosen.map(nameOf),
    })),
  };
}

function roundLines({ number, action, of, figures, totals, pairs }: Round): string[] {
  const rows = [
    ...figures.map(({ option, value, state, keepFactor }) => [
      option,
      value,
      keepFactor ?? '',
      state === 'CONTINUING' ? '' : state.toLowerCase(),
    ]),
    ...Object.entries(totals).map(([name, value]) => [name, value, '', '']),
  ];
  return [
    `Round ${number}: ${action}${of.length > 0 ? ` of ${listed(of)}` : ''}`,
    ...aligned(rows),
    ...(pairs ? pairLines(pairs) : []),
  ];
}

function pairLines(pairs: readonly PairFigure[]): string[] {
  const ids = [...new Set(pairs.map(({ option }) => option))];
  const values = new Map(pairs.map(({ option, over, value }) => [`${option}\n${over}`, value]));
  return aligned(ids.map((id) => [id, ...ids.map((other) => values.get(`${id}\n${other}`) ?? '–')]));
}

/** Names to the left, numbers to the right; without columns in which nothing stands. */
function aligned(rows: readonly string[][]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) => {
    const cells = row.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!),
    );
    return `  ${cells.filter((_, column) => widths[column]! > 0).join('  ')}`.trimEnd();
  });
}

function tieLine({ round, among, chosen, by }: TieBreak): string {
  return `Round ${round}, ${by} among ${listed(among)}: ${listed(chosen)}`;
}

function listed(names: readonly string[]): string {
  return names.length > 0 ? names.join(', ') : 'nobody';
}
