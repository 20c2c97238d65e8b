package io.evenkeel.normalizer;

/// Names one state of one normalizer, by the creation of its name and its version.
///
/// @param incarnation the log position of the creation. A name that is created anew gets another
///   one, so no revision comes twice
/// @param version 1 at creation, one more with every change of state
public record Revision(long incarnation, long version) {}
