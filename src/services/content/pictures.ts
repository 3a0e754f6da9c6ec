import sharp from 'sharp';
import { Overloaded } from '../../kernel/errors.ts';
import { PictureDamaged, PictureTooLarge } from './errors.ts';

export const MAX_PIXELS = 50_000_000;
export const FULL_SIDE = 2_000;
export const THUMBNAIL_SIDE = 400;
/** What all pictures are kept as. */
export const PICTURE_TYPE = 'image/webp';

const AT_ONCE = 2;
const MAX_WAITING = 8;
const TIMEOUT_SECONDS = 20;
const QUALITY = 82;

// Of all that the library reads, what is accepted: no vector graphics, which load other files, and nothing seldom looked at.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: [
    'VipsForeignLoadJpegBuffer',
    'VipsForeignLoadPngBuffer',
    'VipsForeignLoadWebpBuffer',
    'VipsForeignLoadNsgifBuffer',
  ],
});
// Nobody asks for the same picture twice, and one thread for each leaves the others to the requests.
sharp.cache(false);
sharp.concurrency(1);

export interface PreparedPicture {
  full: Buffer;
  width: number;
  height: number;
  thumbnail: Buffer;
}

/**
 * Makes of what people upload pictures that can be shown: upright, at most 2,000 pixels on a side, without the place, time
 * and camera that a telephone writes into them. Two at a time, since each may take some hundred megabytes while it is read.
 */
export class Pictures {
  private readonly waiting: (() => void)[] = [];
  private running = 0;

  /**
   * @param bytes a JPEG, PNG, WebP or GIF, of which the first picture is taken
   * @throws PictureDamaged, PictureTooLarge, Overloaded
   */
  async prepare(bytes: Buffer): Promise<PreparedPicture> {
    await this.turn();
    try {
      return await prepare(bytes);
    } finally {
      this.pass();
    }
  }

  private async turn(): Promise<void> {
    if (this.running < AT_ONCE) {
      this.running++;
      return;
    }
    if (this.waiting.length >= MAX_WAITING) throw new Overloaded();
    await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  /** Gives the turn to who waits longest: nobody who comes later is faster. */
  private pass(): void {
    const next = this.waiting.shift();
    if (next) next();
    else this.running--;
  }
}

async function prepare(bytes: Buffer): Promise<PreparedPicture> {
  // Reads the beginning alone: whether it is too large is known before any of it is unpacked.
  const { width, height } = await readable(() => sharp(bytes, { limitInputPixels: false }).metadata());
  if (width * height > MAX_PIXELS) throw new PictureTooLarge(MAX_PIXELS);
  const { data: full, info } = await readable(() =>
    sized(sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn: 'error' }).autoOrient(), FULL_SIDE).toBuffer({
      resolveWithObject: true,
    }),
  );
  const thumbnail = await readable(() => sized(sharp(full), THUMBNAIL_SIDE).toBuffer());
  return { full, width: info.width, height: info.height, thumbnail };
}

function sized(picture: sharp.Sharp, side: number): sharp.Sharp {
  return picture
    .resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true })
    .webp({ quality: QUALITY })
    .timeout({ seconds: TIMEOUT_SECONDS });
}

/** Whatever the library finds wrong with a picture, it throws plain errors about. */
async function readable<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch {
    throw new PictureDamaged();
  }
}
