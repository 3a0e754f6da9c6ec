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
    variables: { input: { name: 'Ana', email: 'ana@example.org', password: 'just to look around' } },
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
    variables: { input: { email: 'ana@example.org', password: 'just to look around', asCookie: true } },
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
];
