import { escapeHtml } from '../kernel/html.ts';
import type { ExampleOperation } from './examples.ts';

/**
 * Writes the first steps as list items for the landing page.
 *
 * The text is the one the explorer offers, so page and explorer cannot disagree; a step's link opens it there.
 */
export function renderSteps(steps: readonly ExampleOperation[]): string {
  return steps.map(renderStep).join('\n');
}

function renderStep({ title, note, query, variables }: ExampleOperation, index: number): string {
  const heading = escapeHtml(title);
  return `<li class="step">
  <h3>${heading}</h3>
  ${note === undefined ? '' : `<p>${escapeHtml(note)}</p>`}
  <div class="code">
    ${renderCode('Operation', query.trim())}
    ${variables === undefined ? '' : renderCode('Variables', JSON.stringify(variables, null, 2))}
  </div>
  <p><a class="open" href="/graphql?example=${index + 1}">Open in the explorer<span class="for-readers">: ${heading}</span></a></p>
</li>`;
}

// A box that scrolls sideways must take the keyboard's focus, or it can be read with a mouse only.
function renderCode(label: string, code: string): string {
  return `<figure><figcaption>${label}</figcaption><pre tabindex="0" aria-label="${label}"><code>${escapeHtml(code)}</code></pre></figure>`;
}
