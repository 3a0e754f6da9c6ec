import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Things are found by each word of what is said of them, whatever stands between the words. The parser of PostgreSQL takes what
 * is joined by slashes, points or signs that are no ASCII for one: so all signs become spaces first, as they do in a search.
 */
export class SearchWords1790000000040 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      searchedBy(String.raw`regexp_replace(name || ' ' || description,
      '[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00a9\u00ab-\u00b1\u00b4\u00b6-\u00b8\u00bb\u00bf\u00d7\u00f7\u2000-\u206f\u2190-\u245f\u2500-\u2bff\u3000-\u3004\u3008-\u3020\ufe00-\ufe0f\U0001f000-\U0001faff]+',
      ' ', 'g')`),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(searchedBy(`name || ' ' || description`));
  }
}

/** Writes anew by which words things are found. */
function searchedBy(text: string): string {
  return `
    alter table resource drop search;
    alter table resource add search tsvector not null generated always as (to_tsvector('simple', ${text})) stored;
    create index ix_resource_search on resource using gin (search);
  `;
}
