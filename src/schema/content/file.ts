import { Field, Int, ObjectType } from 'type-graphql';
import type { StoredFile } from '../../entities/stored-file.ts';
import { FILE_SIZES } from '../../entities/stored-file.ts';
import { enumOf } from '../common/enum.ts';
import { NodeType } from '../common/node.ts';

export const FileSizeEnum = enumOf('FileSize', FILE_SIZES, 'In which size a picture is wanted.', {
  FULL: 'As it is kept: a picture has at most 2,000 pixels on a side.',
  THUMBNAIL: 'Small, at most 400 pixels on a side; of pictures alone.',
});

@ObjectType('File', {
  implements: NodeType,
  description:
    'A picture or a document that a member uploaded. By its id alone only that member finds it; to others what uses it shows it.',
})
export class FileType
  extends NodeType
  implements Pick<StoredFile, 'id' | 'contentType' | 'byteCount' | 'width' | 'height'>
{
  @Field(() => String, { description: 'What it is, such as `image/webp`, as it is kept.' })
  contentType: string;

  @Field(() => Int, { description: 'How many bytes it has in full.' })
  byteCount: number;

  @Field(() => Int, { nullable: true, description: 'Pixels from side to side; null if it is no picture.' })
  width: number | null;

  @Field(() => Int, { nullable: true, description: 'Pixels from top to bottom; null if it is no picture.' })
  height: number | null;
}
