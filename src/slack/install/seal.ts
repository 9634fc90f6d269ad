import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

const FORMAT = 1;
const KEY_ID_BYTES = 4;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const HEAD_BYTES = 1 + KEY_ID_BYTES + IV_BYTES + TAG_BYTES;

/** What was sealed cannot be opened: another key, another owner, or altered. */
export class SealBroken extends Error {
  override readonly name = 'SealBroken';
}

/** Encrypts texts at rest. `owner` binds a sealed text to its row: moved to another, it does not open. */
export interface Seal {
  close(text: string, owner: string): Buffer;
  /** Whether it was sealed with the newest key. */
  isCurrent(sealed: Buffer): boolean;
  /** @throws SealBroken */
  open(sealed: Buffer, owner: string): string;
}

/**
 * AES-256-GCM. A sealed text is: format, id of the key, nonce, tag, ciphertext.
 * @param keys of 32 bytes; the first one seals, all of them open, so that a key can be replaced
 */
export function sealWith([newest, ...older]: readonly [Buffer, ...Buffer[]]): Seal {
  const keys = new Map([newest, ...older].map((key) => [idOf(key).toString('hex'), key]));
  return {
    close: (text, owner) => {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv('aes-256-gcm', newest, iv).setAAD(Buffer.from(owner));
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([Buffer.of(FORMAT), idOf(newest), iv, cipher.getAuthTag(), body]);
    },
    isCurrent: (sealed) => keyIdIn(sealed) === idOf(newest).toString('hex'),
    open: (sealed, owner) => {
      const key = keys.get(keyIdIn(sealed));
      if (sealed.length < HEAD_BYTES || sealed[0] !== FORMAT || key === undefined)
        throw new SealBroken(
          `the tokens of ${owner} were sealed with a key that is not configured`,
        );
      return decrypt(sealed, key, owner);
    },
  };
}

function decrypt(sealed: Buffer, key: Buffer, owner: string): string {
  const iv = sealed.subarray(1 + KEY_ID_BYTES, 1 + KEY_ID_BYTES + IV_BYTES);
  const tag = sealed.subarray(HEAD_BYTES - TAG_BYTES, HEAD_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(owner));
  decipher.setAuthTag(tag);
  try {
    const body = sealed.subarray(HEAD_BYTES);
    return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
  } catch (error) {
    throw new SealBroken(`the sealed tokens of ${owner} were altered`, { cause: error });
  }
}

function keyIdIn(sealed: Buffer): string {
  return sealed.subarray(1, 1 + KEY_ID_BYTES).toString('hex');
}

function idOf(key: Buffer): Buffer {
  return createHash('sha256').update(key).digest().subarray(0, KEY_ID_BYTES);
}
