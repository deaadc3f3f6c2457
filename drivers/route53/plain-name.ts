/** As runbooks write names: lower case, without a dot at the end. */
export const plainName = (name = ''): string => name.toLowerCase().replace(/\.$/, '');
