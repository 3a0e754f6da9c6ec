import { Arg, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { FileSize, StoredFile } from '../../entities/stored-file.ts';
import { DateTimeScalar } from '../../schema/common/scalars.ts';
import { FileSizeEnum, FileType } from '../../schema/content/file.ts';
import { addressesExpireAt, addressOf } from '../../services/content/addresses.ts';
import type { Context } from '../context.ts';

@Resolver(() => FileType)
export class FileResolver {
  @FieldResolver(() => String, {
    nullable: true,
    description:
      'Where whoever knows the address can fetch it until `expiresAt`; null for the thumbnail of what is no picture.',
  })
  url(
    @Root() file: StoredFile,
    @Arg('size', () => FileSizeEnum, { defaultValue: 'FULL', description: 'In which size.' }) size: FileSize,
    @Ctx() { app, now }: Context,
  ): string | null {
    return addressOf(app.files, file, { size, now });
  }

  @FieldResolver(() => DateTimeScalar, {
    description: 'Until when the addresses work that are given out now: at least an hour.',
  })
  expiresAt(@Ctx() { now }: Context): Date {
    return addressesExpireAt(now);
  }
}
