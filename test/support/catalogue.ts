import type { Db } from '../../src/kernel/database.ts';

/** A primary key, a unique constraint or a foreign key, as the database holds it. */
export interface Constraint {
  name: string;
  table: string;
  type: 'primary' | 'unique' | 'foreign';
  /** In the order of the constraint. */
  columns: string[];
  /** The table that a foreign key points at, and its columns there. */
  target: string | null;
  targetColumns: string[];
}

const COLUMN_NAMES = (numbers: string, table: string) => `
  array(select attname::text from unnest(${numbers}) with ordinality as part(number, position)
          join pg_attribute on attrelid = ${table} and attnum = part.number order by part.position)`;

export function constraintsOf(db: Db): Promise<Constraint[]> {
  return db.rows<Constraint>(
    `select conname::text as name, conrelid::regclass::text as table,
            case contype when 'p' then 'primary' when 'u' then 'unique' else 'foreign' end as type,
            ${COLUMN_NAMES('conkey', 'conrelid')} as columns,
            case when confrelid <> 0 then confrelid::regclass::text end as target,
            ${COLUMN_NAMES('confkey', 'confrelid')} as target_columns
       from pg_constraint
      where connamespace = 'public'::regnamespace and contype in ('p', 'u', 'f')
      order by conrelid::regclass::text, conname`,
  );
}

export interface CatalogueColumn {
  table: string;
  name: string;
  isNullable: boolean;
  /** Such as `bigint`; of a list the type of its items, and of a domain the type below it. */
  type: string;
  isList: boolean;
}

export function columnsOf(db: Db): Promise<CatalogueColumn[]> {
  return db.rows<CatalogueColumn>(
    `select c.table_name::text as table, c.column_name::text as name, c.is_nullable = 'YES' as is_nullable,
            coalesce(e.data_type, c.data_type)::text as type, e.data_type is not null as is_list
       from information_schema.columns c
       left join information_schema.element_types e
              on e.object_schema = c.table_schema and e.object_name = c.table_name
             and e.object_type = 'TABLE' and e.collection_type_identifier = c.dtd_identifier
      where c.table_schema = 'public' order by c.table_name, c.column_name`,
  );
}

export async function tablesOf(db: Db): Promise<string[]> {
  const rows = await db.rows<{ name: string }>(
    `select relname::text as name from pg_class
      where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') order by relname`,
  );
  return rows.map((row) => row.name);
}
