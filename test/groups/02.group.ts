import { runGroup } from '../support/groups.ts';

runGroup(2);
