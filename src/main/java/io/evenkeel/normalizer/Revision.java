package io.evenkeel.normalizer;

/// One state of one normalizer: which creation of its name, and which version since.
///
/// @param incarnation the log position of the creation, so that a name created anew never repeats a
///   revision
/// @param version 1 at creation, one more with every change of state
public record Revision(long incarnation, long version) {}
