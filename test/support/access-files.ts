import { StoredFile } from '../../src/entities/stored-file.ts';
import type { Resource } from '../../src/entities/resource.ts';
import { newId } from '../../src/kernel/ids.ts';
import { mutationCall, type Calls, type Stage } from './access.ts';
import { membershipOf, type ActorName } from './actors.ts';
import { mutate } from './api.ts';
import { givenPool, givenResource } from './pools.ts';
import type { Member } from './world.ts';

/** Who may show pictures of common things, say in which condition they are, and share calendars. */
export const FILES_TABLE = `
resourcePhotoAdd            U       F        F         F      +           F         F         F       F
resourcePhotoRemove         U       F        F         F      +           F         F         F       F
resourceConditionReport     U       F        F         F      +           F         F         F       F
calendarFeedCreate          U       F        F         +      +           +         +         +       F
calendarFeedRevoke          U       F        F         +      +           +         +         +       F
`;

const OUTSIDE: readonly ActorName[] = ['visitor', 'stranger', 'applicant', 'administrator'];

export function fileCalls(stage: Stage): Calls {
  const inNetwork = (input: object) => ({ networkId: stage().cast.network.id, ...input });
  /** The member that the actor is; the founder for who is none, who then reaches for what is another's. */
  const own = async (actor: ActorName): Promise<Member> =>
    OUTSIDE.includes(actor)
      ? stage().cast.network.founder
      : membershipOf(stage().server, stage().cast, actor);
  const thing = async (): Promise<Resource> => {
    const { server, cast } = stage();
    return givenResource(server, await givenPool(server, cast.network));
  };
  /** A picture that somebody has uploaded, without its bytes. */
  const pictureOf = async ({ membershipId }: Member): Promise<string> => {
    const { server, cast } = stage();
    const file: StoredFile = {
      networkId: cast.network.id,
      id: newId('file'),
      contentType: 'image/webp',
      byteCount: 1,
      sha256: Buffer.alloc(32),
      width: 1,
      height: 1,
      uploadedByMembershipId: membershipId,
      uploadedAt: server.clock.now(),
      usedAt: null,
    };
    await server.app.services.db.insert(StoredFile, file);
    return file.id;
  };
  const shown = async (actor: ActorName) =>
    inNetwork({ resourceId: (await thing()).id, fileId: await pictureOf(await own(actor)) });
  return {
    resourcePhotoAdd: async (actor) => mutationCall('resourcePhotoAdd', await shown(actor)),
    resourcePhotoRemove: async () => {
      const { founder } = stage().cast.network;
      const input = inNetwork({ resourceId: (await thing()).id, fileId: await pictureOf(founder) });
      await mutate(stage().server, founder, 'resourcePhotoAdd', input, '__typename');
      return mutationCall('resourcePhotoRemove', input);
    },
    resourceConditionReport: async (actor) =>
      mutationCall('resourceConditionReport', { ...(await shown(actor)), condition: 'WORN' }),
    calendarFeedCreate: async () =>
      mutationCall('calendarFeedCreate', inNetwork({ resourceId: (await thing()).id })),
    calendarFeedRevoke: async (actor) => {
      const owner = await own(actor);
      const { calendarFeed } = await mutate(
        stage().server,
        owner,
        'calendarFeedCreate',
        inNetwork({}),
        'calendarFeed { id }',
      );
      return mutationCall('calendarFeedRevoke', inNetwork({ calendarFeedId: calendarFeed.id }));
    },
  };
}
