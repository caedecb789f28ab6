/** What the Pulumi CLI writes in the place of an id that is still to be found. */
export const isPlaceholder = (id: string): boolean => id === "" || /^<.*>$/.test(id);
