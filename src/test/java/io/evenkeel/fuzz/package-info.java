/// The packaged jar under inputs that nobody meant: valid requests to every decoder, changed at
/// random, and what has to hold whatever comes. No failure of the service, no connection without an
/// answer, a document for each refusal, no change of state by what was refused, and no growth.
///
/// Everything follows from a seed: the request of a number is the same in every run, so that
/// `-Dfuzz.seed=.. -Dfuzz.first=.. -Dfuzz.inputs=1` sends one again. An input that has found
/// something becomes a test of the class that was mended. How many inputs there are, the build's
/// profile `evidence` says.
///
/// Start reading at [io.evenkeel.fuzz.FuzzIT], then [io.evenkeel.fuzz.Corpus].
@NullMarked
package io.evenkeel.fuzz;

import org.jspecify.annotations.NullMarked;
