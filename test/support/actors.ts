import { setAdministrator } from '../../src/services/people/administrators.ts';
import { givenPerson, type Caller } from './api.ts';
import type { TestServer } from './server.ts';
import {
  asMember,
  givenApplicant,
  givenMember,
  givenNetwork,
  givenOfficer,
  type Member,
  type TestNetwork,
} from './world.ts';

/** Everybody whose rights differ, seen from one network. */
export const ACTORS = [
  'visitor',
  'stranger',
  'applicant',
  'member',
  'coordinator',
  'treasurer',
  'moderator',
  'auditor',
  'administrator',
] as const;
export type ActorName = (typeof ACTORS)[number];

export interface Cast {
  network: TestNetwork;
  /** Where the stranger is at home. */
  elsewhere: TestNetwork;
  /** Null for the visitor. */
  callers: Record<ActorName, Caller | null>;
}

/** A network with one of each, a stranger from another network, and an administrator of the server. */
export async function givenCast(server: TestServer): Promise<Cast> {
  const network = await givenNetwork(server);
  const elsewhere = await givenNetwork(server);
  const callers: Cast['callers'] = {
    visitor: null,
    stranger: elsewhere.founder,
    applicant: await givenApplicant(server, network, 'Applicant'),
    member: await givenMember(server, network, 'Member'),
    coordinator: await givenOfficer(server, network, 'COORDINATOR'),
    treasurer: await givenOfficer(server, network, 'TREASURER'),
    moderator: await givenOfficer(server, network, 'MODERATOR'),
    auditor: await givenOfficer(server, network, 'AUDITOR'),
    administrator: await givenAdministrator(server),
  };
  return { network, elsewhere, callers };
}

async function givenAdministrator(server: TestServer): Promise<Caller> {
  const caller = await givenPerson(server, 'Administrator');
  const system = { kind: 'system', name: 'test' } as const;
  await server.app.services.run(system, (tx) => setAdministrator(tx, caller.email, true));
  return caller;
}

/** The membership that somebody has in the cast's network; one that does not exist for those who have none. */
export async function membershipOf(server: TestServer, cast: Cast, actor: ActorName): Promise<Member> {
  const caller = cast.callers[actor];
  const isOutside = actor === 'visitor' || actor === 'stranger' || actor === 'administrator';
  if (!caller || isOutside) return { ...cast.network.founder, ...caller };
  return asMember(server, caller, cast.network.id);
}
