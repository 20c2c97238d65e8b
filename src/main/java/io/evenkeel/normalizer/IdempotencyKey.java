package io.evenkeel.normalizer;

/// What makes a request count once however often it is sent.
///
/// @param hash of the key the client chose
/// @param fingerprint of operation, query, media type and body: the same key with another
///   fingerprint is another request and is refused
public record IdempotencyKey(Digest hash, Digest fingerprint) {}
