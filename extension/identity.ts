/**
 * The public half of the key that names the extension in Chromium, DER in base64. Its private half was never kept: the
 * key only makes the id the same on every machine, so that a server can know it.
 */
export const publicKey =
  "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAwo1ptCRdBimaJAAGJQuf9hKSS+x9y+02S/HIu5Yetw4UvtenoD9+Qed1K36OqMG2RQI4oDj4J1cqe7CUrwkopoNrYIrlEcwLy5oOuQmXDuGHmpVQ7x5e7FY8bvuXrebdO8dGAp1sHLfcm8pPmMwitJOP39MeK/+CkonQEkJeHOnsouDmtq/LV7XQhVSah8JESJH2vNpvlQ97ZBbsolQGiig6pdD3CrCAEqod0FBr04Gwekd9pQ9ym7ITPd6G+ySfigi+80Eb8KhpF9mXzXjD9XhtkG14KmddVbqnC8mF9l9zxBY0KpKsHxt3rktBhyDR4ZgKjzjWj7coomORJmwyTQIDAQAB";

/** The id Chromium derives from `publicKey`: the first 16 bytes of its SHA-256, each half byte written a to p. */
export const extensionId = "plpljoncedlinbehmdhbnajoalffgddh";

/** The id Firefox knows the extension by. */
export const geckoId = "pocket@makegood.example";
