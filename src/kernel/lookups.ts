import type { EntityManager } from 'typeorm';
import { Coalescer, type CoalescerBounds } from './coalescer.ts';
import type { EntityClass } from './database.ts';

type Row = Record<string, unknown>;

interface Reader {
  select(entity: EntityClass<object>, tail: string, values: unknown[]): Promise<object[]>;
  rows(text: string, values: unknown[]): Promise<Row[]>;
}

/** As many connections as two for each kind of question, and no more waiting than a request would bear. */
const BOUNDS: CoalescerBounds = { batch: 100, lanes: 2, queue: 10_000, waitMs: 5_000 };

/**
 * Asks for rows by their keys, many questions of the same kind in one statement: what is asked while the statements of that
 * kind are under way goes together in the next one. Nothing is remembered, so nobody reads what is past: each answer
 * was read after its question.
 */
export class Lookups {
  private readonly kinds = new Map<string, Coalescer<string[], object[]>>();
  private readonly statements = new Map<string, Coalescer<string, Row | undefined>>();

  constructor(
    private readonly manager: EntityManager,
    private readonly reader: Reader,
  ) {}

  /** @param match columns and the texts that they must equal */
  async find<E extends object>(entity: EntityClass<E>, match: Row): Promise<E[]> {
    const properties = Object.keys(match);
    const kind = `${entity.name} ${properties.join(' ')}`;
    let questions = this.kinds.get(kind);
    if (!questions) {
      questions = new Coalescer((keys) => this.answer(entity, properties, keys), BOUNDS);
      this.kinds.set(kind, questions);
    }
    return (await questions.run(Object.values(match) as string[])) as E[];
  }

  /**
   * The one row that a statement finds for a key.
   *
   * @param text takes the keys as one list of texts and returns the key of each row as `key`
   */
  findBy(text: string, key: string): Promise<Row | undefined> {
    let questions = this.statements.get(text);
    if (!questions) {
      questions = new Coalescer(async (keys) => {
        const rows = await this.reader.rows(text, [keys]);
        const byKey = new Map(rows.map((row) => [row['key'], row]));
        return keys.map((one) => byKey.get(one) && { ...byKey.get(one) });
      }, BOUNDS);
      this.statements.set(text, questions);
    }
    return questions.run(key);
  }

  /** Whether rows can be asked for like this: by texts alone. */
  covers(entity: EntityClass<object>, match: Row): boolean {
    const { columns } = this.manager.connection.getMetadata(entity);
    return Object.entries(match).every(
      ([property, value]) =>
        typeof value === 'string' &&
        columns.some(
          (column) => column.propertyName === property && column.type === 'text' && !column.isArray,
        ),
    );
  }

  private async answer(
    entity: EntityClass<object>,
    properties: string[],
    keys: string[][],
  ): Promise<object[][]> {
    const { columns } = this.manager.connection.getMetadata(entity);
    const names = properties.map(
      (property) => columns.find((column) => column.propertyName === property)?.databaseName,
    );
    // A list is planned anew each time it is asked for, which takes longer than to find one row.
    const [alone] = keys;
    if (alone && keys.length === 1) {
      const condition = names.map((name, index) => `${name} = $${index + 1}`).join(' and ');
      return [await this.reader.select(entity, `where ${condition}`, alone)];
    }
    const lists = names.map((_, index) => `$${index + 1}::text[]`).join(', ');
    const rows = await this.reader.select(
      entity,
      `where (${names.join(', ')}) in (select * from unnest(${lists}))`,
      properties.map((_, index) => keys.map((key) => key[index])),
    );
    const byKey = new Map<string, Row[]>();
    for (const row of rows as Row[]) {
      const key = JSON.stringify(properties.map((property) => row[property]));
      const group = byKey.get(key);
      if (group) group.push(row);
      else byKey.set(key, [row]);
    }
    // Each gets rows of its own: who changes one changes nobody else's.
    return keys.map((key) => (byKey.get(JSON.stringify(key)) ?? []).map((row) => ({ ...row })));
  }
}
