import type { Network } from '../../../entities/network.ts';
import type { Proposal } from '../../../entities/proposal.ts';
import type { Resolution, ResolutionOutcome } from '../../../entities/resolution.ts';
import type { OutcomeReason } from '../../../governance/outcome.ts';
import { escapeHtml } from '../../../kernel/html.ts';
import { textIn } from '../../networks/translations.ts';

/** A line of the register with what else there is to say of it. */
export interface RegisterLine {
  resolution: Resolution;
  /** The vote that it is about; null for what was decided otherwise. */
  vote: Pick<Proposal, 'outcome' | 'options' | 'rule' | 'eligibleCount' | 'eligibleWeight'> | null;
  /** Names of those who signed. */
  signedBy: readonly string[];
}

export interface Register {
  network: Pick<Network, 'name' | 'slug' | 'defaultLocale' | 'timeZone'>;
  locale: string;
  from: Date | null;
  to: Date | null;
  lines: readonly RegisterLine[];
}

const OUTCOMES: Record<ResolutionOutcome, string> = {
  PASSED: 'Passed',
  CHOSEN: 'Chosen',
  FAILED: 'Did not pass',
  VETOED: 'Stopped after it had passed',
  DECLINED: 'Declined',
};

const REASONS: Record<OutcomeReason, string> = {
  PASSED: '',
  NOBODY_VOTED: 'nobody took part',
  QUORUM_NOT_MET: 'too few took part',
  THRESHOLD_NOT_MET: 'too few said yes',
  OBJECTION_OPEN: 'an objection was open',
  NO_WINNER: 'nothing was chosen',
  TOO_HARD_TO_COUNT: 'too hard to count',
};

const STYLE = `
  body { font: 11pt/1.45 Georgia, serif; max-width: 44rem; margin: 2rem auto; padding: 0 1rem; color: #111; background: #fff }
  h1 { font-size: 1.5rem; margin: 0 0 .25rem } h2 { font-size: 1.1rem; margin: 0 }
  article { border-top: 1px solid #999; padding: .8rem 0; break-inside: avoid }
  table { border-collapse: collapse; margin: .5rem 0 } th, td { text-align: left; padding: .1rem 1.2rem .1rem 0; font-weight: normal }
  td { text-align: right; font-variant-numeric: tabular-nums } p, ul { margin: .3rem 0 } .outcome { font-weight: bold }
  @page { size: A4; margin: 2cm } @media print { body { margin: 0; padding: 0; max-width: none } }`;

/** Writes the register as a page in HTML: no script, nothing to load, and nothing that people wrote is markup in it. */
export function writeRegister(register: Register): string {
  const { network, locale, lines } = register;
  const name = textIn(network.name, locale, network.defaultLocale) ?? network.slug;
  const title = escapeHtml(`Register of resolutions: ${name}`);
  const body =
    lines.length > 0
      ? lines.map((line) => articleOf(line, register)).join('\n')
      : '<p>Nothing was decided.</p>';
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<style>${STYLE}
</style>
</head>
<body>
<header><h1>${title}</h1><p>${escapeHtml(periodOf(register))}</p></header>
${body}
</body>
</html>
`;
}

function periodOf(register: Register): string {
  const { from, to, lines } = register;
  const when = (instant: Date) => dateOf(instant, register);
  const bounds = [from && `from ${when(from)}`, to && `before ${when(to)}`].filter(Boolean).join(', ');
  const numbers = lines.map(({ resolution }) => resolution.number);
  const span = numbers.length > 0 ? `No. ${numbers[0]} to ${numbers.at(-1)}` : 'No resolutions';
  return bounds ? `${span}, decided ${bounds}` : span;
}

function dateOf(instant: Date, { locale, network }: Register): string {
  const style = { dateStyle: 'long', timeStyle: 'short', timeZone: network.timeZone } as const;
  return new Intl.DateTimeFormat(locale, style).format(instant);
}

function articleOf(line: RegisterLine, register: Register): string {
  const { resolution } = line;
  const { number, title, sentences, decidedAt } = resolution;
  const at = dateOf(decidedAt, register);
  const items = sentences.map((sentence) => `<li>${escapeHtml(sentence)}</li>`).join('');
  return `<article id="resolution-${number}">
<h2>No. ${number}: ${escapeHtml(title)}</h2>
<p><time datetime="${decidedAt.toISOString()}">${escapeHtml(at)}</time></p>
${items ? `<ul>${items}</ul>` : ''}
<p class="outcome">${escapeHtml(outcomeOf(resolution))}</p>
${detailsOf(line)}
</article>`;
}

function outcomeOf({ outcome, kind, summary }: Resolution): string {
  if (outcome === 'CHOSEN') return `${OUTCOMES[outcome]}: ${chosenIn(summary).join(', ')}.`;
  if (kind !== 'VOTE' || outcome !== 'FAILED') return `${OUTCOMES[outcome]}.`;
  const reason = REASONS[summary['reason'] as OutcomeReason];
  return reason ? `${OUTCOMES[outcome]}: ${reason}.` : `${OUTCOMES[outcome]}.`;
}

function detailsOf({ resolution, vote, signedBy }: RegisterLine): string {
  const { outcome } = resolution;
  if (outcome === 'VETOED' || outcome === 'DECLINED')
    return `<p>${escapeHtml(text(resolution.summary['reason']))}</p>`;
  if (resolution.kind === 'VOTE') return numbersOf(resolution, vote);
  return signedBy.length > 0 ? `<p>Signed by ${escapeHtml(signedBy.join(', '))}.</p>` : '';
}

/** How many took part, who was chosen, and how everything stood at the end of the count. */
function numbersOf({ outcome, summary }: Resolution, vote: RegisterLine['vote']): string {
  const { participants, eligible, participantWeight, eligibleWeight, method } = summary;
  const turnout = `${text(participants)} of ${text(eligible)} took part, with ${text(participantWeight)} of ${text(eligibleWeight)} votes. Counted by ${text(method)}.`;
  const isSaid = outcome === 'CHOSEN' || !vote || vote.options.length === 0;
  const chosen = isSaid ? [] : chosenIn(summary);
  const names = new Map(vote?.options.map(({ id, name }) => [id, name]));
  const rows = (vote?.outcome?.rounds.at(-1)?.figures ?? []).map(
    ({ option, value }) =>
      `<tr><th scope="row">${escapeHtml(names.get(option) ?? option)}</th><td>${escapeHtml(value)}</td></tr>`,
  );
  return [
    `<p>${escapeHtml(turnout)}</p>`,
    chosen.length > 0 ? `<p>Chosen: ${escapeHtml(chosen.join(', '))}.</p>` : '',
    rows.length > 0 ? `<table>${rows.join('')}</table>` : '',
  ].join('');
}

function chosenIn({ winners }: Resolution['summary']): string[] {
  return Array.isArray(winners) ? winners.map(text) : [];
}

function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
