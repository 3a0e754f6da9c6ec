import { Field, ID, InterfaceType } from 'type-graphql';
import { kindOfId, type IdKind } from '../../kernel/ids.ts';

const NAME_BY_KIND: Partial<Record<IdKind, string>> = {
  person: 'Person',
  session: 'Session',
  accessToken: 'AccessToken',
  network: 'Network',
  membership: 'Membership',
  invitation: 'Invitation',
  roleAssignment: 'RoleAssignment',
  group: 'Group',
  category: 'Category',
  unit: 'Unit',
  account: 'Account',
  transfer: 'Transfer',
  dispute: 'Dispute',
  hold: 'Hold',
  schedule: 'TransferSchedule',
  conversion: 'Conversion',
  conversionRate: 'ConversionRate',
  signedAction: 'SignedAction',
  proposal: 'Proposal',
  objection: 'Objection',
  comment: 'Comment',
  delegation: 'Delegation',
  file: 'File',
  booking: 'Booking',
  bookingSeries: 'BookingSeries',
  kit: 'Kit',
  pool: 'Pool',
  resource: 'Resource',
  calendarFeed: 'CalendarFeed',
  shareOffer: 'ShareOffer',
  event: 'Event',
};

@InterfaceType('Node', {
  resolveType: ({ id }: { id: string }) => NAME_BY_KIND[kindOfId(id) ?? 'job'],
  description: 'Anything with an id of its own. The first letters of the id say of which kind it is.',
})
export abstract class NodeType {
  @Field(() => ID, {
    description: 'Type-prefixed and time-ordered, such as `acc_01h455vb4pex5vsknk084sn02q`.',
  })
  id: string;
}
