import { runGroup } from '../support/groups.ts';

runGroup(11);
