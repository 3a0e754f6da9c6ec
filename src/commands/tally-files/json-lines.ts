type Path = readonly (string | number)[];

// Text, a bracket, a comma or colon, or anything else that stands alone.
const TOKEN = /"(?:[^"\\]|\\.)*"|[[\]{},:]|[^\s"[\]{},:]+/g;

interface Level {
  isArray: boolean;
  key: string | number;
  isBeforeKey: boolean;
}

/**
 * Finds the lines on which parts of a JSON text begin.
 *
 * @param text JSON that can be parsed
 * @param isWanted whether the line of this part is to be told
 */
export function jsonLines(text: string, isWanted: (path: Path) => boolean): Map<string, number> {
  const lines = new Map<string, number>();
  const levels: Level[] = [];
  let line = 1;
  let from = 0;
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    line += text.slice(from, index).split('\n').length - 1;
    from = index;
    const level = levels.at(-1);
    if (token === ':' && level) level.isBeforeKey = false;
    else if (token === ',') advance(level);
    else if (token === ']' || token === '}') levels.pop();
    else if (level?.isBeforeKey) level.key = JSON.parse(token) as string;
    if (',:]}'.includes(token) || level?.isBeforeKey) continue;
    const path = levels.map(({ key }) => key);
    if (isWanted(path)) lines.set(path.join('.'), line);
    if (token === '[') levels.push({ isArray: true, key: 0, isBeforeKey: false });
    if (token === '{') levels.push({ isArray: false, key: '', isBeforeKey: true });
  }
  return lines;
}

function advance(level: Level | undefined): void {
  if (!level) return;
  if (level.isArray) level.key = Number(level.key) + 1;
  else level.isBeforeKey = true;
}
