/// The resource: what a normalizer is, which events can happen to it, and the pure fold that
/// decides everything conditional.
///
/// All state changes go through [io.evenkeel.normalizer.Fold]: event and state in, next state and
/// outcome out. It knows `definition`, `batchnorm` and `fault`; no Reactor, no clock of its own, no
/// I/O.
///
/// Start reading at [io.evenkeel.normalizer.Fold], then [io.evenkeel.normalizer.NormalizerEvent]
/// and [io.evenkeel.normalizer.Normalizer].
@NullMarked
package io.evenkeel.normalizer;

import org.jspecify.annotations.NullMarked;
