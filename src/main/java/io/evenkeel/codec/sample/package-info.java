/// What the columns of a table are, found from its first rows, without a definition.
///
/// A reader of each format fills [io.evenkeel.codec.sample.SampledColumn]s, which decide whether
/// they can be features.
@NullMarked
package io.evenkeel.codec.sample;

import org.jspecify.annotations.NullMarked;
