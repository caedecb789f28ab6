/** How long a list is, as its pages have told. */
import type { ShownPage } from "./kindApi.js";

export class ListLength {
  private seen: { objects: number; aPage: number } | undefined;

  /** How many pages it has, where that was told. */
  get pages(): number | undefined {
    return this.seen && Math.ceil(this.seen.objects / this.seen.aPage);
  }

  learn({ ids, total, pages }: ShownPage): void {
    if (pages === undefined) return;
    const aPage = Math.max(1, ids.length);
    // Of the last page the length says nothing.
    if (this.seen === undefined || pages === 1) this.seen = { objects: total ?? pages * aPage, aPage };
    else this.seen.objects = total ?? pages * this.seen.aPage;
  }

  /** One of its objects was deleted. */
  oneLess(): void {
    if (this.seen !== undefined) this.seen.objects -= 1;
  }
}
