import type { ResourceState } from '../../entities/resource.ts';
import { DomainError } from '../../kernel/errors.ts';

export class PoolArchived extends DomainError {
  constructor() {
    super('POOL_ARCHIVED', 'The pool is archived: nothing in it changes any more.');
  }
}

/** The thing was only offered and not accepted yet, or it is retired. */
export class ResourceNotActive extends DomainError {
  constructor(state: ResourceState, path = 'resourceId') {
    super('RESOURCE_NOT_ACTIVE', 'The thing is not in use.', { state }, path);
  }
}

/** What is asked fits another kind of thing: pieces are booked, a stock is filled and emptied. */
export class ResourceKindMismatch extends DomainError {
  constructor(path = 'resourceId') {
    super('RESOURCE_KIND_MISMATCH', 'Things are booked; a stock is filled and emptied.', {}, path);
  }
}
