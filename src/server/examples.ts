/** An operation that visitors find ready to run. */
export interface ExampleOperation {
  /** A few words, beginning with a verb: “Register”. */
  title: string;
  /** One sentence on what it does or what to put in. */
  note?: string;
  query: string;
  variables?: Record<string, unknown>;
}

/** What the explorer offers, in order; the first three are the steps on the landing page. */
export const examples: ExampleOperation[] = [
  {
    title: 'Register',
    note: 'Makes a person who can sign in.',
    query: `
mutation Register($input: PersonRegisterInput!) {
  personRegister(input: $input) {
    person { id name }
    errors { code message path }
  }
}`,
    variables: { input: { name: 'Ana', email: 'ana@example.org', password: 'a long way to walk' } },
  },
  {
    title: 'Sign in',
    note: 'Signs this browser in with a cookie. Other programs leave out asCookie and receive a token.',
    query: `
mutation SignIn($input: SessionStartInput!) {
  sessionStart(input: $input) {
    person { name }
    token
    errors { code message path }
  }
}`,
    variables: { input: { email: 'ana@example.org', password: 'a long way to walk', asCookie: true } },
  },
  {
    title: 'See who you are',
    note: 'Needs the step before.',
    query: `
query WhoAmI {
  viewer {
    person { id name email isEmailVerified }
    sessions { id userAgent isCurrent expiresAt }
  }
}`,
  },
  {
    title: 'Make a network',
    note: 'You become its first member, with the roles of coordinator and treasurer.',
    query: `
mutation Make($input: NetworkCreateInput!) {
  networkCreate(input: $input) {
    network {
      id
      units { id code name scale }
      viewerMembership { id accounts { nodes { id } } }
    }
    errors { code message path }
  }
}`,
    variables: { input: { slug: 'riverside', name: 'Riverside Timebank', template: 'TIMEBANK' } },
  },
  {
    title: 'Look around a network',
    note: 'With the demo loaded and signed in as one of its members: people, groups, what you may do.',
    query: `
query LookAround($slug: String!) {
  network(slug: $slug) {
    name
    description
    memberCount
    parent { name }
    members(first: 5) {
      nodes { displayName about skills roles { role } }
      pageInfo { hasNextPage endCursor }
    }
    groups { nodes { name purpose coordinators { displayName } } }
    viewerCan { admit { allowed reason } invite { allowed reason } }
  }
}`,
    variables: { slug: 'riverbend' },
  },
  {
    title: 'Read your statements',
    note: 'Every account of yours, in every network.',
    query: `
query Statements {
  viewer {
    memberships {
      nodes {
        network { name }
        accounts(first: 5) {
          nodes {
            id
            balance { value unit { symbol } }
            available { value }
            entries(first: 10) {
              nodes {
                postedAt
                amount { value }
                balanceAfter { value }
                transfer { description }
                counterparty { holder { ... on Membership { displayName } } }
              }
            }
          }
        }
      }
    }
  }
}`,
  },
  {
    title: 'Apply for membership',
    note: 'Give the id of a network and the version of its terms.',
    query: `
mutation Apply($input: MembershipApplyInput!) {
  membershipApply(input: $input) {
    membership { id state }
    errors { code message path }
  }
}`,
    variables: { input: { networkId: 'net_…', application: 'I repair bicycles.', acceptedTermsVersion: 1 } },
  },
  {
    title: 'Pay somebody',
    note: 'Send it twice with the same key: it is done once.',
    query: `
mutation Pay($input: TransferCreateInput!) {
  transferCreate(input: $input) {
    transfer { id amount { value unit { symbol } } postedAt }
    errors { code message path ... on InsufficientCredit { available } }
  }
}`,
    variables: {
      input: {
        networkId: 'net_…',
        idempotencyKey: 'my first payment',
        payerAccountId: 'acc_…',
        payeeAccountId: 'acc_…',
        amount: '1.50',
        description: 'New chain and brakes',
      },
    },
  },
];
