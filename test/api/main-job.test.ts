import { gql, GraphQLClient } from 'graphql-request';
import type { Json } from '../support/api.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { snapshot } from '../support/world.ts';

/** The main job from end to end, over HTTP, with a client library that people use. */

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const REGISTER = gql`
  mutation ($input: PersonRegisterInput!) {
    personRegister(input: $input) {
      person {
        id
      }
      errors {
        code
      }
    }
  }
`;
const SIGN_IN = gql`
  mutation ($input: SessionStartInput!) {
    sessionStart(input: $input) {
      token
      errors {
        code
      }
    }
  }
`;
const CREATE = gql`
  mutation ($input: NetworkCreateInput!) {
    networkCreate(input: $input) {
      network {
        id
      }
      errors {
        code
      }
    }
  }
`;
const APPLY = gql`
  mutation ($input: MembershipApplyInput!) {
    membershipApply(input: $input) {
      membership {
        id
      }
      errors {
        code
      }
    }
  }
`;
const ADMIT = gql`
  mutation ($input: MembershipAdmitInput!) {
    membershipAdmit(input: $input) {
      membership {
        state
      }
      errors {
        code
      }
    }
  }
`;
const PAY = gql`
  mutation ($input: TransferCreateInput!) {
    transferCreate(input: $input) {
      transfer {
        id
        amount {
          value
        }
      }
      errors {
        code
      }
    }
  }
`;
const OWN_ACCOUNT = gql`
  query ($id: ID!) {
    network(id: $id) {
      viewerMembership {
        id
        accounts {
          nodes {
            id
            balance {
              value
            }
            available {
              value
            }
            entries {
              nodes {
                number
                amount {
                  value
                }
                balanceAfter {
                  value
                }
              }
            }
          }
        }
      }
    }
  }
`;
const ALL_ONE_CAN_ASK = gql`
  query ($id: ID!, $account: ID!, $transfer: ID!) {
    network(id: $id) {
      name
      viewerMembership {
        id
      }
      members {
        nodes {
          displayName
        }
      }
      account(id: $account) {
        balance {
          value
        }
      }
    }
    node(id: $transfer) {
      id
    }
  }
`;

async function signedIn(name: string): Promise<GraphQLClient> {
  const email = `${name.toLowerCase()}@example.org`;
  const password = `the password of ${name}`;
  const client = new GraphQLClient(`${server.url}/graphql`);
  const registered: Json = await client.request(REGISTER, { input: { name, email, password } });
  expect(registered.personRegister.errors).toEqual([]);
  const { sessionStart }: Json = await client.request(SIGN_IN, { input: { email, password } });
  return client.setHeader('authorization', `Bearer ${sessionStart.token}`);
}

async function ownAccount(client: GraphQLClient, networkId: string): Promise<Json> {
  const { network }: Json = await client.request(OWN_ACCOUNT, { id: networkId });
  return network.viewerMembership.accounts.nodes[0];
}

test('two people make a community, trade and read statements; a third sees nothing; twice is once', async () => {
  const [ana, ben, cleo] = [await signedIn('Ana'), await signedIn('Ben'), await signedIn('Cleo')];

  // Ana makes a network, Ben applies and is admitted, accounts open by themselves.
  const slug = { slug: 'valley', name: 'Valley', template: 'TIMEBANK' };
  const { networkCreate }: Json = await ana.request(CREATE, { input: slug });
  const networkId: string = networkCreate.network.id;
  const application = { networkId, acceptedTermsVersion: 1 };
  const { membershipApply }: Json = await ben.request(APPLY, { input: application });
  const admission = { networkId, membershipId: membershipApply.membership.id };
  const { membershipAdmit }: Json = await ana.request(ADMIT, { input: admission });
  expect(membershipAdmit).toEqual({ membership: { state: 'ACTIVE' }, errors: [] });
  const elsewhere = { slug: 'elsewhere', name: 'Elsewhere', template: 'LETS' };
  await cleo.request(CREATE, { input: elsewhere });

  // They trade, in both directions.
  const [ofAna, ofBen] = [await ownAccount(ana, networkId), await ownAccount(ben, networkId)];
  const payments = [
    {
      by: ana,
      payerAccountId: ofAna.id,
      payeeAccountId: ofBen.id,
      amount: '2.50',
      description: 'Fence painted',
    },
    {
      by: ben,
      payerAccountId: ofBen.id,
      payeeAccountId: ofAna.id,
      amount: '1',
      description: 'Spanish lesson',
    },
  ];
  const pay = () =>
    Promise.all(
      payments.map(async ({ by, ...input }, index) => {
        const variables = { input: { ...input, networkId, idempotencyKey: `payment-${index}` } };
        const { transferCreate }: Json = await by.request(PAY, variables);
        expect(transferCreate.errors).toEqual([]);
        return transferCreate.transfer;
      }),
    );
  const first = await pay();

  // Both read statements.
  expect(first.map((transfer) => transfer.amount.value)).toEqual(['2.50', '1.00']);
  const statements = [await ownAccount(ana, networkId), await ownAccount(ben, networkId)];
  expect(statements.map((account) => account.balance.value)).toEqual(['-1.50', '1.50']);
  expect(statements.map((account) => account.available.value)).toEqual(['18.50', '21.50']);
  expect(statements.map((account) => account.entries.nodes.length)).toEqual([2, 2]);
  expect(statements.map((account) => account.entries.nodes[0].balanceAfter.value)).toEqual(['-1.50', '1.50']);

  // Run again with the same keys, it changes nothing.
  const before = await snapshot(server);
  expect(await pay()).toEqual(first);
  expect(await snapshot(server)).toEqual(before);

  // A third person from another network sees nothing.
  const asked = { id: networkId, account: ofAna.id, transfer: first[0].id };
  const seen: Json = await cleo.request(ALL_ONE_CAN_ASK, asked);
  expect(seen).toEqual({
    network: { name: 'Valley', viewerMembership: null, members: { nodes: [] }, account: null },
    node: null,
  });
});
