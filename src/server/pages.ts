import fs from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { packageRoot } from '../kernel/package-root.ts';
import type { ExampleOperation } from './examples.ts';
import { renderSteps } from './landing-steps.ts';
import { sendAsset, staticAsset, withVersionedLinks, type StaticAsset } from './static-assets.ts';

const PUBLIC_DIRECTORY = path.join(packageRoot(), 'public');

// GraphiQL 4 and React 18 are the last that publish a file a browser can load as it is. GraphiQL 5 would need a
// bundler and 150 MB more of packages.
const LIBRARY_FILES: Record<string, string> = {
  '/explorer/react.js': inPackage('react', 'umd/react.production.min.js'),
  '/explorer/react-dom.js': inPackage('react-dom', 'umd/react-dom.production.min.js'),
  '/explorer/graphiql.js': inPackage('graphiql', 'graphiql.min.js'),
  '/explorer/graphiql.css': inPackage('graphiql', 'graphiql.min.css'),
};

const OWN_FILES = ['/site.css', '/favicon.svg', '/explorer/explorer.css', '/explorer/explorer.js'];

// The page loads its style sheet and its icon from here and needs nothing else, no script at all.
const LANDING_POLICY =
  "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

// GraphiQL carries its fonts and cursors as data: addresses, and its dialogs write a style element, hence
// 'unsafe-inline' for styles. Scripts come from files only, which is what keeps a description in the schema from running code.
const EXPLORER_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/**
 * Serves the landing page at `/` and the GraphQL explorer at `/graphql`.
 *
 * A browser that opens `/graphql` gets the explorer; every other request to it goes on to the GraphQL route. Call it on
 * the root instance, so that its hook also covers routes of other plugins.
 *
 * @param examples shown in the explorer; the first three are the steps on the landing page
 * @throws Error if a file is missing, so that a broken installation is noticed at the start
 */
export async function registerPages(server: FastifyInstance, examples: ExampleOperation[]): Promise<void> {
  const files = await Promise.all([
    ...OWN_FILES.map((url) => load(url, path.join(PUBLIC_DIRECTORY, url))),
    ...Object.entries(LIBRARY_FILES).map(([url, file]) => load(url, file)),
  ]);
  const assets = [...files, staticAsset('/explorer/examples.json', JSON.stringify(examples))];
  const landing = await loadPage('index.html', assets, { steps: renderSteps(examples.slice(0, 3)) });
  const explorer = await loadPage('explorer/index.html', assets, {});

  for (const asset of assets) {
    server.get(asset.path, (request, reply) => sendAsset(request, reply, asset));
  }
  server.get('/', (request, reply) => sendPage(request, reply, landing, LANDING_POLICY));

  // A hook and not a route, because the address belongs to the GraphQL route.
  server.addHook('onRequest', async (request, reply) => {
    if (request.method !== 'GET' || request.url.split('?', 1)[0] !== '/graphql') return;
    void reply.header('vary', 'Accept');
    if (isBrowserNavigation(request.headers.accept))
      await sendPage(request, reply, explorer, EXPLORER_POLICY);
  });
}

function sendPage(
  request: FastifyRequest,
  reply: FastifyReply,
  page: StaticAsset,
  policy: string,
): FastifyReply {
  void reply.header('content-security-policy', policy).header('referrer-policy', 'same-origin');
  return sendAsset(request, reply, page);
}

/** Browsers name HTML when they open an address; GraphQL clients name JSON, or nothing in particular. */
function isBrowserNavigation(accept = ''): boolean {
  return /text\/html/i.test(accept) && !/json/i.test(accept);
}

async function load(url: string, file: string): Promise<StaticAsset> {
  return staticAsset(url, await fs.readFile(file));
}

/** Reads a page, fills its `<!-- name -->` marks and versions its links. */
async function loadPage(
  file: string,
  assets: StaticAsset[],
  parts: Record<string, string>,
): Promise<StaticAsset> {
  let html = await fs.readFile(path.join(PUBLIC_DIRECTORY, file), 'utf8');
  for (const [name, part] of Object.entries(parts)) html = html.replace(`<!-- ${name} -->`, () => part);
  return staticAsset(`/${file}`, withVersionedLinks(html, assets));
}

/** Finds a file of an installed package through its package.json, which every package lets others resolve. */
function inPackage(name: string, file: string): string {
  return path.join(path.dirname(createRequire(__filename).resolve(`${name}/package.json`)), file);
}
