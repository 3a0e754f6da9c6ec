import { Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import type { ResourcePhoto } from '../../entities/resource-photo.ts';
import type { ResourceRecord } from '../../entities/resource-record.ts';
import type { Resource } from '../../entities/resource.ts';
import type { StoredFile } from '../../entities/stored-file.ts';
import { FileType } from '../../schema/content/file.ts';
import {
  ResourceConditionReportInput,
  ResourceConditionReportPayload,
  ResourcePhotoAddInput,
  ResourcePhotoAddPayload,
  ResourcePhotoRemoveInput,
  ResourcePhotoRemovePayload,
  ResourcePhotoType,
} from '../../schema/pools/photo.ts';
import { ResourceRecordType, ResourceType } from '../../schema/pools/resource.ts';
import { addPhoto, removePhoto } from '../../services/pools/photos.ts';
import { reportCondition } from '../../services/pools/report-condition.ts';
import type { Context } from '../context.ts';
import { Input } from '../input.ts';
import { mutate } from '../mutate.ts';

@Resolver(() => ResourceType)
export class ResourcePhotosResolver {
  @FieldResolver(() => [ResourcePhotoType], {
    description: 'Pictures of it, in the order in which they were added; at most 20.',
  })
  photos(@Root() resource: Resource, @Ctx() ctx: Context): Promise<ResourcePhoto[]> {
    return ctx.loaders.photos(resource);
  }

  @Mutation(() => ResourcePhotoAddPayload, {
    description:
      'Shows a picture of a thing: its owner, a steward or a coordinator. Codes: FILE_IN_USE, FILE_TYPE_NOT_ACCEPTED, TOO_MANY_PHOTOS, RESOURCE_NOT_ACTIVE, POOL_ARCHIVED, TEXT_TOO_LONG, INVALID_ID, NETWORK_ARCHIVED.',
  })
  resourcePhotoAdd(
    @Input(() => ResourcePhotoAddInput) input: ResourcePhotoAddInput,
    @Ctx() ctx: Context,
  ): Promise<ResourcePhotoAddPayload> {
    return mutate(ctx, async (tx) => ({ resource: await addPhoto(tx, input) }));
  }

  @Mutation(() => ResourcePhotoRemovePayload, {
    description:
      'Deletes a picture of a thing, whoever added it: its owner, a steward or a coordinator. Codes: RESOURCE_NOT_ACTIVE, POOL_ARCHIVED, INVALID_ID, NETWORK_ARCHIVED.',
  })
  resourcePhotoRemove(
    @Input(() => ResourcePhotoRemoveInput) input: ResourcePhotoRemoveInput,
    @Ctx() ctx: Context,
  ): Promise<ResourcePhotoRemovePayload> {
    return mutate(ctx, async (tx) => ({ resource: await removePhoto(tx, input) }));
  }

  @Mutation(() => ResourceConditionReportPayload, {
    description:
      'Writes down for good in which condition a thing was seen, with a picture if there is one: who has it, its owner, a steward or a coordinator. Codes: FILE_IN_USE, FILE_TYPE_NOT_ACCEPTED, RESOURCE_NOT_ACTIVE, POOL_ARCHIVED, TEXT_TOO_LONG, INVALID_ID, NETWORK_ARCHIVED.',
  })
  resourceConditionReport(
    @Input(() => ResourceConditionReportInput) input: ResourceConditionReportInput,
    @Ctx() ctx: Context,
  ): Promise<ResourceConditionReportPayload> {
    return mutate(ctx, async (tx) => ({ resource: await reportCondition(tx, input) }));
  }
}

@Resolver(() => ResourcePhotoType)
export class ResourcePhotoResolver {
  @FieldResolver(() => FileType, { description: 'The picture itself.' })
  file(@Root() { networkId, fileId }: ResourcePhoto, @Ctx() ctx: Context): Promise<StoredFile> {
    return ctx.loaders.file(networkId, fileId);
  }
}

@Resolver(() => ResourceRecordType)
export class ResourceRecordPictureResolver {
  @FieldResolver(() => FileType, { nullable: true, description: 'A picture that shows it, if there is one.' })
  async picture(
    @Root() { networkId, fileId }: ResourceRecord,
    @Ctx() ctx: Context,
  ): Promise<StoredFile | null> {
    return fileId === null ? null : ctx.loaders.file(networkId, fileId);
  }
}
