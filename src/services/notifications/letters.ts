/** What goes into a letter; the sending job keeps it until the letter has left. */
export interface LetterJob {
  letter: LetterName;
  to: string;
  /** The receiver's language; English where there is no translation. */
  locale: string;
  values: Record<string, string>;
}

export const LETTER_NAMES = [
  'EMAIL_VERIFICATION',
  'PASSWORD_RESET',
  'INVITATION',
  'MEMBERSHIP_ADMITTED',
] as const;
export type LetterName = (typeof LETTER_NAMES)[number];

interface LetterText {
  subject: string;
  text: string;
}

const CLOSING = '\n\nIf you did not expect this letter, you need not do anything.\n';

const ENGLISH: Record<LetterName, LetterText> = {
  EMAIL_VERIFICATION: {
    subject: 'Confirm your address',
    text: `Hello {name},\n\nplease confirm that you read mail at this address:\n{publicUrl}/#verify={secret}\n\nOr give this secret to \`emailVerify\`: {secret}${CLOSING}`,
  },
  PASSWORD_RESET: {
    subject: 'Set a new password',
    text: `Hello {name},\n\nset a new password within an hour:\n{publicUrl}/#reset={secret}\n\nOr give this secret to \`passwordReset\`: {secret}${CLOSING}`,
  },
  INVITATION: {
    subject: 'An invitation to {network}',
    text: `Hello,\n\n{inviter} invites you to {network}. Accept until {expires}:\n{publicUrl}/#invitation={secret}\n\nOr give this secret to \`membershipAcceptInvitation\`: {secret}${CLOSING}`,
  },
  MEMBERSHIP_ADMITTED: {
    subject: 'Welcome to {network}',
    text: 'Hello {name},\n\nyou are now a member of {network}.\n{publicUrl}\n',
  },
};

/** The subject and text of a letter with its values filled in. */
export function writeLetter({ letter, values }: LetterJob, publicUrl: string): LetterText {
  const { subject, text } = ENGLISH[letter];
  const all: Record<string, string> = { ...values, publicUrl };
  const fill = (pattern: string) => pattern.replaceAll(/\{(\w+)\}/g, (_, name: string) => all[name] ?? '');
  // A line break in a name must not begin a new header.
  return { subject: fill(subject).replaceAll(/[\r\n]+/g, ' '), text: fill(text) };
}
