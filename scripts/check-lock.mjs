// Checks that the lock file works on every machine: it names no registry host, and it holds the packages of every
// platform. npm leaves out what it could not find when the file was written, and `npm ci` fails elsewhere.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const lockFile = fileURLToPath(new URL('../package-lock.json', import.meta.url));
const { packages } = JSON.parse(readFileSync(lockFile, 'utf8'));

/** Where Node looks for a dependency: in the package's own node_modules, then in each one above. */
function isFound(place, name) {
  const inside = place === '' ? '' : `${place}/`;
  if (packages[`${inside}node_modules/${name}`]) return true;
  if (place === '') return false;
  const above = place.lastIndexOf('/node_modules/');
  return isFound(above < 0 ? '' : place.slice(0, above), name);
}

const faults = Object.entries(packages).flatMap(([place, entry]) => {
  const missing = Object.keys(entry.optionalDependencies ?? {}).filter((name) => !isFound(place, name));
  return [
    ...(entry.resolved ? [`${place} comes from ${entry.resolved}`] : []),
    ...missing.map((name) => `${place} lacks its optional package ${name}`),
  ];
});
for (const fault of faults) console.error(fault);
process.exitCode = faults.length === 0 ? 0 : 1;
