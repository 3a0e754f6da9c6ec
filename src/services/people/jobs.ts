import type { JobHandlers } from '../../kernel/jobs.ts';
import { PASSWORD_RESET_JOB, sendPasswordReset, type PasswordResetJob } from './change-password.ts';
import type { PeopleDeps } from './deps.ts';

/** What this area does outside of requests. */
export function peopleJobs({ run }: PeopleDeps): JobHandlers {
  return {
    [PASSWORD_RESET_JOB]: (job: PasswordResetJob) =>
      run({ kind: 'system', name: PASSWORD_RESET_JOB }, (tx) => sendPasswordReset(tx, job)),
  };
}
