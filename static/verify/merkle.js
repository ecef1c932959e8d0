// The ledger's Merkle tree (RFC 9162, 2.1). Sizes may exceed 32 bits, so there are no bit operations on them.
import { same } from "./bytes.js";
import { ensure } from "./broken.js";
import { sha256 } from "./sha2.js";

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);
const odd = (number) => number % 2 === 1;
const half = (number) => Math.floor(number / 2);

export function leafHash(...entry) {
  return sha256(LEAF, ...entry);
}

export function nodeHash(left, right) {
  return sha256(NODE, left, right);
}

/** The root that an inclusion proof leads to (2.1.3.2). Throws Broken if its length is wrong. */
export function rootFromInclusion(index, size, leaf, proof) {
  ensure(0 <= index && index < size, "outside_ledger");
  let [place, last, root] = [index, size - 1, leaf];
  for (const sibling of proof) {
    ensure(last, "proof_long");
    if (odd(place) || place === last) {
      root = nodeHash(sibling, root);
      while (!odd(place) && place) [place, last] = [half(place), half(last)];
    } else {
      root = nodeHash(root, sibling);
    }
    [place, last] = [half(place), half(last)];
  }
  ensure(last === 0, "proof_short");
  return root;
}

function isPowerOfTwo(number) {
  return Number.isInteger(Math.log2(number)) && 2 ** Math.log2(number) === number;
}

/** Whether the tree of size `later` begins with the whole tree of size `earlier` (2.1.4.2). */
export function isConsistent(earlier, later, earlierRoot, laterRoot, proof) {
  if (!(0 <= earlier && earlier <= later)) return false;
  if (earlier === 0 && !same(earlierRoot, sha256())) return false;
  if (earlier === later) return !proof.length && same(earlierRoot, laterRoot);
  if (earlier === 0) return !proof.length;
  const [before, now] = rootsFromConsistency(earlier, later, proof, earlierRoot) ?? [];
  return Boolean(now) && same(before, earlierRoot) && same(now, laterRoot);
}

/** Whether this can be a consistency proof of the tree of size `later` with this root, as far as can be seen without
 *  the root of the tree of size `earlier`. */
export function leadsTo(root, earlier, later, proof) {
  if (!(0 < earlier && earlier < later)) return earlier === later && !proof.length;
  const found = rootsFromConsistency(earlier, later, proof, new Uint8Array());
  return Boolean(found) && (isPowerOfTwo(earlier) || same(found[1], root));
}

/** The roots of both trees that a consistency proof leads to; null if it is too short or too long. A proof from a size
 *  that is a power of two begins with `earlierRoot`, and does not show it. */
function rootsFromConsistency(earlier, later, proof, earlierRoot) {
  const path = isPowerOfTwo(earlier) ? [earlierRoot, ...proof] : proof;
  if (!path.length) return null;
  let [place, last] = [earlier - 1, later - 1];
  while (odd(place)) [place, last] = [half(place), half(last)];
  let [before, now] = [path[0], path[0]];
  for (const node of path.slice(1)) {
    if (last === 0) return null;
    if (odd(place) || place === last) {
      [before, now] = [nodeHash(node, before), nodeHash(node, now)];
      while (!odd(place) && place) [place, last] = [half(place), half(last)];
    } else {
      now = nodeHash(now, node);
    }
    [place, last] = [half(place), half(last)];
  }
  return last === 0 ? [before, now] : null;
}
