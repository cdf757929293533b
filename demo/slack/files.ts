export interface StoredFile {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly mimetype: string;
  readonly size: number;
  /** As text; binary content is decoded as UTF-8. */
  readonly content: string;
}

interface Upload {
  readonly id: string;
  readonly name: string;
  readonly content?: string;
}

/** Uploads wait here between getUploadURLExternal and completeUploadExternal. */
export class Files {
  readonly #uploads = new Map<string, Upload>();
  #last = 0;

  open(name: string): string {
    this.#last += 1;
    const id = `F${String(this.#last).padStart(6, '0')}`;
    this.#uploads.set(id, { id, name });
    return id;
  }

  /** False for an unknown id. */
  receive(id: string, content: string): boolean {
    const upload = this.#uploads.get(id);
    if (upload === undefined) return false;
    this.#uploads.set(id, { ...upload, content });
    return true;
  }

  /** The finished file, or undefined when its bytes never came. An upload completes once. */
  complete(id: string, title?: string): StoredFile | undefined {
    const upload = this.#uploads.get(id);
    if (upload?.content === undefined) return undefined;
    this.#uploads.delete(id);
    const { name, content } = upload;
    return { id, name, title: title ?? name, mimetype: 'text/plain', size: Buffer.byteLength(content), content };
  }
}
