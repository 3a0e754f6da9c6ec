import type { Config } from '../../kernel/config.ts';
import type { LetterName } from './letter-job.ts';

type Addresses = Pick<Config, 'publicUrl' | 'frontEndUrl'>;

interface Target {
  /** The front end's page, which takes `secret` from its address. */
  page: string;
  /** The operation that the page is expected to send; the explorer opens with it where there is no front end. */
  query: string;
  input: (secret: string) => object;
}

const VERIFY: Target = {
  page: 'verify-email',
  query:
    'mutation ConfirmAddress($input: EmailVerifyInput!) { emailVerify(input: $input) { email errors { code message } } }',
  input: (secret) => ({ secret }),
};

const TARGETS: Partial<Record<LetterName, Target>> = {
  EMAIL_VERIFICATION: VERIFY,
  EMAIL_CHANGE: VERIFY,
  PASSWORD_RESET: {
    page: 'reset-password',
    query:
      'mutation SetPassword($input: PasswordResetInput!) { passwordReset(input: $input) { isReset errors { code message } } }',
    input: (secret) => ({ secret, newPassword: '' }),
  },
  INVITATION: {
    page: 'invitation',
    query:
      'mutation AcceptInvitation($input: MembershipAcceptInvitationInput!) { membershipAcceptInvitation(input: $input) { membership { id } errors { code message } } }',
    input: (secret) => ({ secret, acceptedTermsVersion: null }),
  },
};

/** Where a letter leads: a page of the front end, or the explorer with the operation filled in. */
export function linkFor(letter: LetterName, secret: string, { publicUrl, frontEndUrl }: Addresses): string {
  const target = TARGETS[letter];
  if (!target) return siteOf({ publicUrl, frontEndUrl });
  if (frontEndUrl) return `${frontEndUrl}/${target.page}?secret=${encodeURIComponent(secret)}`;
  const variables = JSON.stringify({ input: target.input(secret) }, null, 2);
  // Mail programs find the end of an address by guessing: no parenthesis or exclamation mark may stand in it.
  const parameters = new URLSearchParams({ query: target.query, variables });
  return `${publicUrl}/graphql?${parameters.toString().replaceAll('+', '%20')}`;
}

/** Where people go when they want to see the site. */
export function siteOf({ publicUrl, frontEndUrl }: Addresses): string {
  return frontEndUrl ?? `${publicUrl}/graphql`;
}
