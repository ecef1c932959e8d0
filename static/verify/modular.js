// Arithmetic modulo a number, with BigInt. For public data alone: how long it takes depends on the numbers.

/** The rest from 0 to modulus - 1, of a negative number too. */
export function modulo(number, modulus) {
  const rest = number % modulus;
  return rest < 0n ? rest + modulus : rest;
}

export function power(base, exponent, modulus) {
  let [result, square] = [1n, modulo(base, modulus)];
  for (let left = exponent; left; left >>= 1n) {
    if (left & 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}

/** The inverse by Fermat: the modulus is a prime, and the number is not 0. */
export function inverse(number, prime) {
  return power(number, prime - 2n, prime);
}
