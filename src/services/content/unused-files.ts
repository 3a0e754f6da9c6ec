import { FILE_SIZES, StoredFile } from '../../entities/stored-file.ts';
import type { JobHandlers } from '../../kernel/jobs.ts';
import { keyOf } from './sizes.ts';
import type { FileDeps } from './deps.ts';

export const UNUSED_FILE_JOB = 'unusedFile';

/** Where a file is, or would be if its upload had come to an end. */
export interface UnusedFileJob {
  networkId: string;
  id: string;
}

type Deps = Pick<FileDeps, 'run' | 'store'>;

/** What this area does outside of requests. */
export function fileJobs(deps: Deps): JobHandlers {
  return { [UNUSED_FILE_JOB]: (job: UnusedFileJob) => deleteUnused(deps, job) };
}

/** Deletes a file that nothing uses, its row first: if the bytes cannot be deleted now, the job tries again. */
async function deleteUnused({ run, store }: Deps, { networkId, id }: UnusedFileJob): Promise<void> {
  const isUsed = await run({ kind: 'system', name: UNUSED_FILE_JOB }, async (tx) => {
    const file = await tx.db.lock(StoredFile, { networkId, id });
    if (file?.usedAt) return true;
    if (file) await tx.db.delete(StoredFile, { networkId, id });
    return false;
  });
  if (isUsed) return;
  for (const size of FILE_SIZES) await store.delete(keyOf({ networkId, id }, size));
}
