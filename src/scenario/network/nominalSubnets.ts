/**
 * Subnets that look like those of a run, for addresses that are worked out before there is one. Nothing is sent to them, and where a
 * scenario fixes no subnet, which addresses a lab may have is told by the whole range that its networks are chosen from.
 */
export const nominalSubnets = { lan: '198.18.7.0/24', front: '198.18.8.0/24' };
