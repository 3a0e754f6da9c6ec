/** Who is asking. Services decide what that allows; the kernel only carries it. */
export type Actor = Visitor | SignedIn | System;

/** Somebody who has not signed in. */
export interface Visitor {
  kind: 'visitor';
  /** Network address of the client, for throttling only; it is not stored with anything. */
  address: string;
  /** A session of somebody who has yet to give a one-time code in it: it can be confirmed and does nothing else. */
  heldSessionId?: string;
}

/** A person with a session or an access token. */
export interface SignedIn {
  kind: 'person';
  personId: string;
  address: string;
  isAdministrator: boolean;
  credential: SessionCredential | TokenCredential;
  /** Set when a helper acts for this membership: both names go into every record. */
  actingForMembershipId: string | null;
}

export interface SessionCredential {
  kind: 'session';
  sessionId: string;
  /** Whether a one-time code has been given in this session. */
  hasSecondFactor: boolean;
}

export interface TokenCredential {
  kind: 'token';
  tokenId: string;
  scopes: readonly string[];
}

/** The server itself: a job, a command or an executed decision. */
export interface System {
  kind: 'system';
  name: string;
}
