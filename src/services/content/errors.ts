import { DomainError } from '../../kernel/errors.ts';

/** The bytes are of no kind that is kept, whatever their name says. */
export class FileTypeNotAccepted extends DomainError {
  constructor(accepted: readonly string[], path: string | null = null) {
    super(
      'FILE_TYPE_NOT_ACCEPTED',
      'Files of this kind are not kept here.',
      { accepted: [...accepted] },
      path,
    );
  }
}

/** It begins as a picture does and cannot be read to its end. */
export class PictureDamaged extends DomainError {
  constructor() {
    super('PICTURE_DAMAGED', 'The picture cannot be read to its end.');
  }
}

export class PictureTooLarge extends DomainError {
  constructor(maxPixels: number) {
    super('PICTURE_TOO_LARGE', 'The picture has too many pixels.', { maxPixels });
  }
}

/** A file belongs to one thing: what is shown elsewhere as well is uploaded again. */
export class FileInUse extends DomainError {
  constructor(path: string) {
    super('FILE_IN_USE', 'The file is used already: upload it again.', {}, path);
  }
}
